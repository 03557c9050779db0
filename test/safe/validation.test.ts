import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { marked } from "marked";
import { type DefaultTreeAdapterTypes, parseFragment } from "parse5";
import { describe, expect, it } from "vitest";
import { printable } from "../../src/foreign-text.js";
import { builderChecksum } from "../../src/safe/documents.js";
import { safeFiles } from "../../src/safe/folder.js";
import type { SafeVersion } from "../../src/safe/index.js";
import { linesThat, writtenFolder } from "./folders.js";
import { calls, NESTED, OWNERS, sampleRequest } from "./samples.js";

const HOSTILE = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "--> <!-- <svg onload=alert(1)>",
  "`code` ``` ``",
  "![x](javascript:alert(1)) [y](javascript:alert(1))",
  "](javascript:alert(1))",
  "https://example.org www.example.org a@example.org <https://example.org>",
  "http://example.org/a?b=c ftp://example.org HTTPS://EXAMPLE.ORG WWW.EXAMPLE.ORG mailto:a@example.org",
  "| cell | **bold** _it_ ~~gone~~ ~gone~ # head",
  "\\| cell \\` \\<b> \\\\| \\",
  "&lt;b&gt; &#60;b&#62; &amp;",
  "1. one\n- two\n> three\n\n    four\n---\n===\n| a | b |\n|---|---|",
  "a\u202eb\u2066c\u0000d\u001be\u200bf\u2028g\r\nh",
  "[ref]: javascript:alert(1)",
  "$a^2$ ==marked== ^sup^ :smile: [^1] [[wiki]] {.class}",
];

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

function read(node: Node): { elements: Element[]; text: string } {
  if ("value" in node) return { elements: [], text: node.value };
  const own = "tagName" in node ? [node] : [];
  const below = "childNodes" in node ? node.childNodes.map(read) : [];
  return {
    elements: [...own, ...below.flatMap(({ elements }) => elements)],
    text: below.map(({ text }) => text).join(""),
  };
}

/** What a reader of the document sees: the elements without their texts, and all text. */
async function rendered(data: string) {
  const files = await safeFiles({ request: sampleRequest({ data }), schedule: undefined });
  const markdown = files["VALIDATION.md"]!;
  const { elements, text } = read(parseFragment(marked.parse(markdown, { async: false, gfm: true })));
  return {
    markdown,
    text,
    shape: elements.map(({ tagName, attrs }) => [tagName, ...attrs.map(({ value }) => value)]),
  };
}

describe.each(["halt", "disclose"] as const)("the document of %s", (call) => {
  it.each(HOSTILE)("keeps as text: %j", async (hostile) => {
    const plain = await rendered(calls("an auditor lost a key")[call]);
    const { shape, text, markdown } = await rendered(calls(hostile)[call]);
    expect(shape).toEqual(plain.shape);
    // In words and as an argument, but for what does not print.
    const shown = printable(JSON.stringify(hostile)).replaceAll(/ +/g, " ");
    expect(text.split(shown)).toHaveLength(3);
    const lines = markdown.split("\n");
    expect(lines.map(printable)).toEqual(lines);
    expect(markdown.split("\n").length).toBe(plain.markdown.split("\n").length);
  });
});

describe("the document for owners", () => {
  it("has the same bytes for the same transaction, and none of a time or a place", async () => {
    const one = await rendered(calls().halt);
    expect((await rendered(calls().halt)).markdown).toBe(one.markdown);
    expect(one.markdown).not.toMatch(/\/tmp|\b20\d\d-/);
  });

  it("shows hashes, fields, calldata, devices, and for how long a signature can be used", async () => {
    const request = sampleRequest({ data: calls().schedule });
    const { folder } = await writtenFolder(request);
    const markdown = readFileSync(join(folder, "VALIDATION.md"), "utf8");
    for (const one of [...Object.values(request.hashes), request.transaction.data, request.safe, NESTED])
      expect(markdown).toContain(one);
    for (const name of Object.keys(request.transaction)) expect(markdown).toContain(`| ${name} | `);
    expect(markdown).toContain("# COUNCIL: schedule a hidden patch");
    expect(markdown).toContain("nonce is not above 7");
    expect(markdown).toContain("before 2000000000");
    expect(markdown).toContain("2033-05-18T03:33:20Z");
  });

  it.each([
    ["1.3.0", "1.5.0", true],
    ["1.4.1", "1.5.0", true],
    ["1.5.0", "1.5.0", false],
    ["1.4.1", "1.3.0", false],
  ] as const)("of a Safe %s tells an owner %s to approve on chain: %s", async (version, inner, isTold) => {
    const nested = { [NESTED]: { version: inner as SafeVersion, owners: OWNERS, threshold: 1 } };
    const { folder } = await writtenFolder(sampleRequest({}, { version, nested }));
    const markdown = readFileSync(join(folder, "VALIDATION.md"), "utf8");
    expect(markdown.includes("**Approve on chain.**")).toBe(isTold);
  });
});

/** A batch as the Transaction Builder 1.18.0 saved it (github.com/BalancerMaxis/multisig-ops, MaxiOps/AuraLocker/AuraLocker_set_delegate_to_self.json). */
const PUBLISHED = {
  version: "1.0",
  chainId: "1",
  createdAt: 1_750_401_839_557,
  meta: {
    name: "Transactions Batch",
    description: "",
    txBuilderVersion: "1.18.0",
    createdFromSafeAddress: "0x9a5BDF08a6969A4bDb7724beE3c6d8964BDc0B28",
    createdFromOwnerAddress: "",
  },
  transactions: [
    {
      to: "0x3Fa73f1E5d8A792C80F426fc8F84FBF7Ce9bBCAC",
      value: "0",
      data: null,
      contractMethod: {
        inputs: [{ name: "newDelegatee", type: "address", internalType: "address" }],
        name: "delegate",
        payable: false,
      },
      contractInputsValues: { newDelegatee: "0x9a5BDF08a6969A4bDb7724beE3c6d8964BDc0B28" },
    },
  ],
};
const PUBLISHED_CHECKSUM = "0x61db4b894f7fb3f0f54a3047ed86f13cbac0d5166a4e623645abc991891d126f";

describe("the batch for Safe's Transaction Builder", () => {
  it("has the checksum that the builder computes, in which the name does not count", () => {
    expect(builderChecksum(PUBLISHED)).toBe(PUBLISHED_CHECKSUM);
    const { meta } = PUBLISHED;
    expect(builderChecksum({ ...PUBLISHED, meta: { ...meta, name: "another" } })).toBe(PUBLISHED_CHECKSUM);
    const other = { ...PUBLISHED, meta: { ...meta, description: "another" } };
    expect(builderChecksum(other)).not.toBe(PUBLISHED_CHECKSUM);
  });

  it.each(Object.entries(calls()))(
    "has the transaction of %s, and the checksum that it compares",
    async (_, data) => {
      const { folder, request } = await writtenFolder(sampleRequest({ data }));
      const batch = JSON.parse(readFileSync(join(folder, "transaction-builder.json"), "utf8"));
      const { checksum, ...meta } = batch.meta;
      expect(builderChecksum({ ...batch, meta })).toBe(checksum);
      const { to } = request.transaction;
      expect(batch).toMatchObject({
        version: "1.0",
        chainId: "31337",
        transactions: [{ to, value: "0", data }],
      });
      expect(batch.transactions).toHaveLength(1);
    },
  );
});

describe("a check of the document", () => {
  it("fails where one hash in it is another", async () => {
    const folder = await writtenFolder(sampleRequest());
    const path = join(folder.folder, "VALIDATION.md");
    for (const hash of Object.values(folder.request.hashes)) {
      const text = readFileSync(path, "utf8");
      writeFileSync(path, text.replace(hash, `0x${"00".repeat(32)}`));
      expect(await linesThat("fails", folder)).toEqual(["VALIDATION.md is made of the transaction"]);
      writeFileSync(path, text);
    }
    expect(await linesThat("fails", folder)).toEqual([]);
  });
});
