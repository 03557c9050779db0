import type { Curve } from "ffjavascript";

const LINGER_MS = 1_000;

let users = 0;
let ending: NodeJS.Timeout | undefined;
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
  shared ??= inTurn(() => build(false));
  const current = shared;
  try {
    return await work(await current);
  } finally {
    users--;
    // Starting threads takes half a second: they wait a while for the next work.
    clearTimeout(ending);
    ending = setTimeout(endUnused, LINGER_MS).unref();
  }
}

async function endUnused(): Promise<void> {
  if (users > 0 || shared === undefined) return;
  const unused = shared;
  shared = undefined;
  await inTurn(async () => (await unused).terminate());
}

async function build(singleThread: boolean): Promise<Curve> {
  const { buildBn128 } = await import("ffjavascript");
  // Both bring releases of ffjavascript of their own, and each of them forgets the global curve when it is loaded:
  // snarkjs would then start threads that nobody ends. So they are loaded before there is a curve.
  if (!singleThread) await Promise.all([import("snarkjs"), import("circomlibjs")]);
  return buildBn128(singleThread);
}

function inTurn<T>(action: () => Promise<T>): Promise<T> {
  const result = transition.then(action);
  transition = result.catch(() => {});
  return result;
}

let single: Promise<Curve> | undefined;

/** The curve without threads, for single operations; it does not need to be closed. */
export function singleThreadCurve(): Promise<Curve> {
  single ??= build(true);
  return single;
}
