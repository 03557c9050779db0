import { bundleToJson, type PatchBundle } from "../../src/patch/index.js";
import type { SealedProject } from "./sealed-project.js";

/** Bytes as somebody may write them: in hex, in decimal, and in base64 wherever they begin in what is encoded. */
export function formsOf(name: string, value: Uint8Array): [string, string][] {
  const hex = Buffer.from(value).toString("hex");
  const base64 = [0, 1, 2].map((before): [string, string] => {
    const text = Buffer.concat([Buffer.alloc(before), value]).toString("base64");
    // What other bytes have a part in is left out.
    return [`${name}, base64`, text.slice(Math.ceil((before * 4) / 3), -4)];
  });
  return [[`${name}, hex`, hex], [`${name}, decimal`, BigInt(`0x${hex}`).toString()], ...base64];
}

/** Every text that must not be found in what is printed or written in clear, with what it is. */
export function secretsOf(
  { auditors }: SealedProject,
  bundle: PatchBundle,
  code: Uint8Array,
): [string, string][] {
  const json = bundleToJson(bundle);
  const salt = Buffer.from(bundle.salt.toString(16).padStart(64, "0"), "hex");
  const calls = bundle.incidents.vectors.flatMap(({ calls }) => calls.map(({ data }) => data.slice(2)));
  return [
    ...formsOf("salt", salt),
    ["salt, hex without zeros", bundle.salt.toString(16)],
    ...formsOf("code", code.subarray(200, 248)),
    ...calls
      .filter(({ length }) => length >= 64)
      .flatMap((data) => formsOf("call", Buffer.from(data, "hex"))),
    ...bundle.incidents.vectors.map(({ name }): [string, string] => ["incident's name", name]),
    ...auditors.flatMap(({ signingKey, identity }): [string, string][] => [
      ...formsOf("signing key", signingKey),
      ["identity", identity],
    ]),
    ["passphrase", "correct horse"],
    ["bundle", JSON.stringify(json.incidents).slice(0, 60)],
  ];
}
