import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { beaconTime, QUICKNET } from "../../src/proof/index.js";
import { writePowersOfTau } from "../../src/proof/keys/ceremony/rehearsal/index.js";
import { blocksOf } from "../document-blocks.js";
import { scratchFolder } from "../proof/circuit.js";
import { Person } from "./people.js";
import { beaconAnswer, POWERS_SECRETS, TEST_BEACON, TINY_CIRCUITS } from "./rehearsal.js";

const POWER = 5;
const NAMES = ["Example Labs", "the second", "the third"];
const scratch = await scratchFolder();

/** Blocks of shell lines, by the heading that they stand under. */
function shellBlocks(page: string): ReadonlyMap<string, readonly string[]> {
  const blocks = blocksOf(page);
  expect(blocks.filter(({ language }) => language === "")).toEqual([]);
  const shell = blocks.filter(({ language }) => language === "sh");
  const grouped = new Map<string, string[]>();
  for (const { heading, text } of shell) grouped.set(heading, [...(grouped.get(heading) ?? []), text]);
  return grouped;
}

it("docs/ceremony.md, as it stands: three people on one machine make production keys, verified with one command", async () => {
  const blocks = shellBlocks("docs/ceremony.md");
  const headings = ["For a contributor", "For anybody", "Begin", "Each contribution", "The end"];
  expect([...blocks.keys()]).toEqual(headings);
  const [asContributor, asAnybody, begin, each, end] = headings.map((heading) => blocks.get(heading)!);
  const [contribute, compare] = asContributor as [string, string];
  const [send, receive] = each as [string, string];
  expect([asContributor, asAnybody, begin, each, end].map((list) => list!.length)).toEqual([2, 1, 1, 2, 1]);
  expect(contribute.trim().split("\n")).toHaveLength(5);
  expect(asAnybody![0]!.trim().split("\n")).toHaveLength(1);

  const PTAU = join(scratch, "powers.ptau");
  await writePowersOfTau(PTAU, { power: POWER, ...POWERS_SECRETS });
  const bytes = await readFile(PTAU);
  const blake2b512 = createHash("blake2b512").update(bytes).digest("hex");
  const pinned = [{ power: POWER, file: "powers.ptau", bytes: bytes.length, blake2b512 }];
  // A beacon that comes when quicknet does, and whose rounds the tests sign.
  const beaconChain = { ...QUICKNET, publicKey: TEST_BEACON.publicKey };
  const settings = { circuits: TINY_CIRCUITS, pinned, beaconChain };
  const arrive = (name: string) => Person.arrive(join(scratch, name), settings);

  const coordinator = await arrive("coordinator");
  const DATE = new Date(Date.now() + 86_400_000).toISOString().replace(/\.\d+/, "");
  const begun = await coordinator.shell(begin![0]!, { PTAU, DATE });
  const published = begun.trimEnd().split("\n").at(-1);
  const announcement = await readFile(coordinator.at("ceremony/ceremony.json"), "utf8");
  const { round } = JSON.parse(announcement).beacon as { round: number };
  const late = beaconTime(round, beaconChain) - Date.parse(DATE) / 1000;
  expect([0, 1, 2]).toContain(late);

  const contributors: Person[] = [];
  for (const NAME of NAMES) {
    const contributor = await arrive(NAME.replaceAll(" ", "-"));
    await coordinator.shell(send);
    await coordinator.send(contributor, ["to-next.tgz"]);
    expect(await contributor.shell(contribute, { NAME })).toContain(published);
    await contributor.send(coordinator, ["from-me.tgz"]);
    expect(await coordinator.shell(receive)).toContain("taken");
    contributors.push(contributor);
  }

  // What the tests have in place of the network: the beacon answers for its round alone.
  await writeFile(coordinator.at("answer.json"), JSON.stringify(beaconAnswer(round)));
  await coordinator.install(
    "curl",
    `case "$*" in */public/${round}) exec cat answer.json;; *) exit 22;; esac`,
  );
  expect(await coordinator.shell(end![0]!, { PTAU })).toContain("keys of class production");

  for (const contributor of contributors) {
    await coordinator.send(contributor, ["keys"]);
    await contributor.shell(compare);
  }
  const anybody = await arrive("anybody");
  await coordinator.send(anybody, ["keys"]);
  expect(await anybody.shell(asAnybody![0]!, { PTAU })).toMatch(/\nclass: production\n$/);
  expect(await anybody.shell("cd keys && sha256sum -c SHA256SUMS")).not.toContain("FAILED");

  // Who was dropped, or whose attestation is another, sees it.
  const [first, second] = contributors as [Person, Person];
  await first.shell("cp keys/attestations/0002.json keys/attestations/0001.json");
  await expect(first.shell(compare)).rejects.toThrow("differ");
  await second.shell("rm keys/attestations/0002.json");
  await expect(second.shell(compare)).rejects.toThrow("No such file");
});
