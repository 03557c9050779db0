import { buildBn128, type Curve } from "ffjavascript";

let users = 0;
let shared: Promise<Curve> | undefined;
// Starts and stops of the shared curve happen one after the other.
let transition: Promise<unknown> = Promise.resolve();

/**
 * Runs `work`, which calls snarkjs, with worker threads that end with the last of all such works. snarkjs keeps one
 * curve with its threads in a global and never ends them, so that a script would not end either; every use of snarkjs
 * in this package goes through here. Works may overlap and nest.
 */
export async function withCurve<T>(work: (curve: Curve) => Promise<T>): Promise<T> {
  users++;
  shared ??= inTurn(() => buildBn128(false));
  const current = shared;
  try {
    return await work(await current);
  } finally {
    users--;
    if (users === 0) {
      shared = undefined;
      await inTurn(async () => (await current).terminate());
    }
  }
}

function inTurn<T>(action: () => Promise<T>): Promise<T> {
  const result = transition.then(action);
  transition = result.catch(() => {});
  return result;
}

let single: Promise<Curve> | undefined;

/** The curve without threads, for single operations; needs no end. */
export function singleThreadCurve(): Promise<Curve> {
  single ??= buildBn128(true);
  return single;
}
