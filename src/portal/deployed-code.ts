import { getBytes, hexlify, keccak256 } from "ethers";
import type { PortalData } from "./model.js";

/** Whether code is that of a contract of this page's release and key, but for what a deployment writes into it; undefined where the page does not know. */
export function isCodeOf(
  name: string,
  code: string,
  { codehashes, holes = {} }: PortalData["key"],
): boolean | undefined {
  const wanted = codehashes[name];
  if (wanted === undefined) return undefined;
  const bytes = getBytes(code);
  for (const [start, length] of holes[name] ?? []) bytes.fill(0, start, start + length);
  return keccak256(hexlify(bytes)) === wanted.toLowerCase();
}
