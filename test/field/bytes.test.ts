import { isUint8Array } from "node:util/types";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { assertBytes, tag } from "../../src/field/index.js";

it("bytes are what node:util/types takes for a Uint8Array, also of another realm, and nothing else", () => {
  const forged = { [Symbol.toStringTag]: "Uint8Array", length: 1, 0: 1 };
  const values: unknown[] = [
    new Uint8Array(2),
    Buffer.from("ab"),
    new (class extends Uint8Array {})(1),
    runInNewContext("new Uint8Array(3)"),
    Object.setPrototypeOf(new Uint8Array(1), null),
    forged,
    Object.create(Uint8Array.prototype),
    Object.setPrototypeOf({}, Uint8Array.prototype),
    new Uint8ClampedArray(1),
    new Uint16Array(1),
    new ArrayBuffer(1),
    new DataView(new ArrayBuffer(1)),
    [1, 2],
    "0x01",
    "",
    1,
    null,
    undefined,
  ];
  expect(values.filter(isUint8Array)).toHaveLength(5);
  for (const [i, value] of values.entries()) {
    const take = () => assertBytes(value as Uint8Array, "input");
    if (isUint8Array(value)) expect(take(), `${i}`).toBe(value);
    else expect(take, `${i}`).toThrow(expect.objectContaining({ code: "field/not-bytes" }));
  }
});

it("a tag is its letters as a number, the first the highest", () => {
  for (const name of ["a", "sealpatch.patch", "~".repeat(31)])
    expect(tag(name)).toBe(BigInt(`0x${Buffer.from(name, "ascii").toString("hex")}`));
});
