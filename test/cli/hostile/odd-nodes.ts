import { vi } from "vitest";
import type { Answerer, Reply } from "../../chain/odd-node.js";

/** What a terminal obeys, with what may be a key, in the words of a node. */
const WORDS = `no\u001b[2J\u202e 0x${"ab".repeat(40)} https://node.example/v2/secret-key`;
const PAGE = "<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1><script>alert(1)</script></body></html>";

/** Ways in which a node answers every question. */
export const ODD_ANSWERS = {
  "answers with a page": { text: PAGE },
  "answers with a page and 502": { text: PAGE, status: 502 },
  "answers nothing at all": { text: "" },
  "answers with half of an answer": { text: '{"jsonrpc":"2.0","id":1,"resu' },
  "hangs up": "hang up",
  "is silent": "silence",
  "limits how often it is asked": { text: '{"error":"slow down"}', status: 429 },
  "refuses in words that a terminal obeys": { error: { code: -32000, message: WORDS } },
  "refuses a key": { error: { code: -32001, message: "invalid api key" }, status: 401 },
  "answers with null": { result: null },
  "answers with another type": { result: { hash: [1, 2], value: "\u202e" } },
  "answers with a number beyond all": { result: `0x${"ff".repeat(64)}` },
} as const satisfies Readonly<Record<string, Reply>>;

export type OddAnswer = keyof typeof ODD_ANSWERS;

/** A node that is sound until a question of this method. */
export const oddAt =
  (method: string, reply: Reply): Answerer =>
  ({ method: asked }) =>
    asked === method ? reply : undefined;

const { setInterval: everyRealMs, clearInterval: stopReal } = globalThis;

/** Does work while this process's timers run two hundred times as fast: what gives a node up after minutes does so at once. */
export async function hurried<T>(work: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  const ticking = everyRealMs(() => vi.advanceTimersByTime(1000), 5);
  try {
    return await work();
  } finally {
    stopReal(ticking);
    vi.useRealTimers();
  }
}
