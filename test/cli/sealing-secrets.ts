import { bundleToJson, type PatchBundle } from "../../src/patch/index.js";
import type { SealedProject } from "./sealed-project.js";

/** Every text that must not be found in what is printed or written in clear, with what it is. */
export function secretsOf(
  { auditors }: SealedProject,
  bundle: PatchBundle,
  code: Uint8Array,
): [string, string][] {
  const json = bundleToJson(bundle);
  const bytes = (name: string, value: Uint8Array): [string, string][] => [
    [`${name}, hex`, Buffer.from(value).toString("hex")],
    [`${name}, base64`, Buffer.from(value).toString("base64").slice(0, 40)],
    [`${name}, decimal`, BigInt(`0x${Buffer.from(value).toString("hex")}`).toString()],
  ];
  const salt = Buffer.from(bundle.salt.toString(16).padStart(64, "0"), "hex");
  const calls = bundle.incidents.vectors.flatMap(({ calls }) => calls.map(({ data }) => data.slice(2)));
  return [
    ...bytes("salt", salt),
    ["salt, hex without zeros", bundle.salt.toString(16)],
    ...bytes("code", code.subarray(200, 248)),
    ...calls.filter(({ length }) => length >= 64).flatMap((data) => bytes("call", Buffer.from(data, "hex"))),
    ...bundle.incidents.vectors.map(({ name }): [string, string] => ["incident's name", name]),
    ...auditors.flatMap(({ signingKey, identity }): [string, string][] => [
      ...bytes("signing key", signingKey),
      ["identity", identity],
    ]),
    ["passphrase", "correct horse"],
    ["bundle", JSON.stringify(json.incidents).slice(0, 60)],
  ];
}
