import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseAuditorRegistration } from "../../src/audit/index.js";
import { parseCouncilMember } from "../../src/keystore/index.js";
import { sealpatch, sealpatchProcess } from "./sealpatch.js";

const folder = mkdtempSync(join(tmpdir(), "sealpatch-cli-keystore-"));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PASSPHRASE = "correct horse battery staple";
writeFileSync(at("pass.txt"), `${PASSPHRASE}\n`);
writeFileSync(at("other.txt"), "another passphrase\n");
const PASS = ["--passphrase-file", at("pass.txt")];

describe("sealpatch auditor and council", () => {
  it("make a keystore and its public file", async () => {
    const made = await sealpatch("auditor", "new", "--out", at("a.age"), "--label", "first auditor", ...PASS);
    expect(made).toMatchObject({ code: 0, stderr: "" });
    expect(made.stdout).toContain("first auditor");
    expect(statSync(at("a.age")).mode & 0o777).toBe(0o600);
    const shown = await sealpatch("auditor", "show", at("a.age"), "--out", at("a.json"), ...PASS);
    expect(shown).toMatchObject({ code: 0, stderr: "" });
    const text = readFileSync(at("a.json"), "utf8");
    const registration = parseAuditorRegistration(text);
    expect(registration.label).toBe("first auditor");
    expect(made.stdout).toContain(registration.recipient);
    expect((await sealpatch("auditor", "show", at("a.age"), ...PASS)).stdout).toBe(text);
  });

  it("make one for the council, called after its file", async () => {
    const made = await sealpatch("council", "new", "--out", at("member.age"), ...PASS, "--json");
    const { keystore, public: shown } = JSON.parse(made.stdout);
    expect([keystore, parseCouncilMember(shown).label]).toEqual([at("member.age"), "member"]);
    const { code, stdout } = await sealpatch("council", "show", at("member.age"), ...PASS);
    expect([code, JSON.parse(stdout)]).toEqual([0, shown]);
  });

  it("refuse, and say what", async () => {
    const before = readFileSync(at("a.json"), "utf8");
    const cases: [string[], string, number][] = [
      [["auditor", "new", "--out", at("a.age"), ...PASS], "keystore/exists", 1],
      [["auditor", "new", "--out", at("b.age"), "--label", "a\u202eb", ...PASS], "keystore/invalid-label", 1],
      [["auditor", "show", at("a.age"), "--out", at("a.json"), ...PASS], "cli/file-exists", 1],
      [["auditor", "show", at("a.age"), "--out", at("no/a.json"), ...PASS], "cli/unwritable-file", 1],
      [["council", "show", at("a.age"), ...PASS], "keystore/other-role", 1],
      [["auditor", "show", at("a.json"), ...PASS], "keystore/damaged", 1],
      [
        ["auditor", "show", at("a.age"), "--passphrase-file", at("other.txt")],
        "keystore/wrong-passphrase",
        1,
      ],
      [
        ["auditor", "new", "--out", at("b.age"), "--passphrase-file", at("no.txt")],
        "cli/unreadable-passphrase",
        1,
      ],
      [["auditor", "new", ...PASS], "cli/usage", 2],
      [["auditor", "new", "--out", at("b.age"), "--passphrase", PASSPHRASE], "cli/usage", 2],
    ];
    for (const [words, expected, exit] of cases) {
      const { code, stdout } = await sealpatch(...words, "--json");
      expect([JSON.parse(stdout).error.code, code], words.join(" ")).toEqual([expected, exit]);
      expect(stdout).not.toMatch(/AGE-SECRET|correct horse/);
    }
    expect(existsSync(at("b.age"))).toBe(false);
    expect(readFileSync(at("a.json"), "utf8")).toBe(before);
  });

  it("do not wait for a passphrase where there is no terminal", async () => {
    const { code, stderr } = await sealpatchProcess("auditor", "new", "--out", at("c.age"));
    expect(code).toBe(2);
    expect(stderr).toMatch(/no terminal[\s\S]*--passphrase-file/);
    expect(existsSync(at("c.age"))).toBe(false);
  });
});
