import { SealpatchError } from "../errors.js";
import { quoted } from "../foreign-text.js";

/** Longest name of a contributor, in characters of UTF-16 and in bytes of UTF-8: snarkjs cuts it there. */
const MAX_NAME = 64;

/**
 * Whether a contributor can be called so: 1 to 64 bytes of UTF-8, printed as they stand (no control, format or bidi character), no
 * separator of paths, no space at an end, none that begins with a dot, and not that of a development key.
 */
export function isContributorName(name: string): boolean {
  return (
    Buffer.byteLength(name) <= MAX_NAME &&
    /^(?!\.)[^\p{C}\p{Zl}\p{Zp}/\\]+$/u.test(name) &&
    name === name.trim() &&
    name === name.normalize("NFC") &&
    !/^sealpatch-dev/i.test(name)
  );
}

/** Name of the last contribution, which is nobody's. */
export const BEACON_NAME = "beacon";

/** @throws SealpatchError `ceremony/bad-name`. */
export function assertContributorName(name: string): void {
  if (isContributorName(name) && name.toLowerCase() !== BEACON_NAME) return;
  throw new SealpatchError("ceremony/bad-name", "nobody can contribute under this name", {
    details: { name: quoted(name.slice(0, MAX_NAME)) },
    why: `a name has 1 to ${MAX_NAME} bytes, all of them printed, and no / or \\; nobody is called ${BEACON_NAME}`,
    remedy: "give a name that can stand in a file and in a terminal, for example your organisation's",
  });
}
