const HEAD = `# The command line

The package has the command \`sealpatch\` (\`npx sealpatch\`). Every command prints one JSON object with \`--json\`, and exits with 0 when done, 1 when refused or
false, 2 when used wrongly or, where it judges, when it could not. What has no command yet is in the [SDK](sdk.md). This page is what \`--help\` prints: \`npm run docs\` writes it, and a test
compares.
`;

/** Prints the help of the command that the words name, as the program does. */
export type Help = (...words: readonly string[]) => Promise<string>;

/** The page of the command line: what `--help` prints of every command that does something. */
export async function commandPage(help: Help): Promise<string> {
  return [HEAD, ...(await sections(help, []))].join("\n");
}

async function sections(help: Help, words: readonly string[]): Promise<string[]> {
  const text = (await help(...words)).trimEnd();
  const [, commands] = text.split("\nCommands:\n");
  if (commands === undefined) return [`## sealpatch ${words.join(" ")}\n\n\`\`\`\n${text}\n\`\`\`\n`];
  const names = [...commands.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => name!);
  const below: string[] = [];
  for (const name of names.filter((each) => each !== "help"))
    below.push(...(await sections(help, [...words, name])));
  return below;
}
