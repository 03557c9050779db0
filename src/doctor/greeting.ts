/** What a node says when it is first asked: for its chain, over HTTP as it is. */
export interface Greeting {
  /** Why there was no answer, in words; undefined where there was one. */
  readonly failure?: string;
  readonly status?: number;
  readonly isJsonRpc: boolean;
  /** Undefined where the answer is no chain id. */
  readonly chainId?: bigint;
  /** By the HTTP header `Date`, and this machine's clock when it came: seconds since the epoch. */
  readonly nodeTime?: number;
  readonly ownTime: number;
  readonly milliseconds: number;
}

/** Longest answer that is read, in bytes. */
const MAX_ANSWER = 65_536;

/**
 * Asks a node which chain it serves. Nothing of what it answers is kept but a number and a time.
 * @param url of HTTP or HTTPS; user and password in it are sent as the header that they mean.
 * @param options.now milliseconds since the epoch.
 */
export async function greet(
  url: string,
  { seconds, now }: { readonly seconds: number; readonly now: () => number },
): Promise<Greeting> {
  const { address, headers } = requestOf(url);
  const began = performance.now();
  const passed = () => Math.round(performance.now() - began);
  try {
    const response = await fetch(address, {
      method: "POST",
      headers,
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] }),
      signal: AbortSignal.timeout(seconds * 1000),
    });
    const ownTime = now() / 1000;
    const answer = answerIn(await textOf(response));
    const date = Date.parse(response.headers.get("date") ?? "") / 1000;
    return {
      status: response.status,
      isJsonRpc: answer !== undefined,
      ...(answer?.chainId === undefined ? {} : { chainId: answer.chainId }),
      ...(Number.isNaN(date) ? {} : { nodeTime: date }),
      ownTime,
      milliseconds: passed(),
    };
  } catch (error) {
    return {
      failure: failureOf(error, seconds),
      isJsonRpc: false,
      ownTime: now() / 1000,
      milliseconds: passed(),
    };
  }
}

function requestOf(url: string): { address: string; headers: Record<string, string> } {
  const address = new URL(url);
  const { username, password } = address;
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (username !== "" || password !== "") {
    const pair = [username, password].map(decodeURIComponent).join(":");
    headers.authorization = `Basic ${Buffer.from(pair).toString("base64")}`;
    address.username = "";
    address.password = "";
  }
  return { address: address.href, headers };
}

/** The text of an answer; empty where it is longer than any answer to this question. */
async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > MAX_ANSWER) return "";
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Undefined where the text is no answer of JSON-RPC. */
function answerIn(text: string): { readonly chainId: bigint | undefined } | undefined {
  try {
    const { result, error } = JSON.parse(text) as { result?: unknown; error?: unknown };
    if (typeof result === "string" && /^0x[0-9a-f]{1,64}$/i.test(result)) return { chainId: BigInt(result) };
    return result === undefined && error === undefined ? undefined : { chainId: undefined };
  } catch {
    return undefined;
  }
}

/** Why a connection failed, by its code alone: the text of the error may hold the URL, and that a key. */
function failureOf(error: unknown, seconds: number): string {
  const { name, cause } = error as { name?: string; cause?: { code?: unknown } };
  if (name === "TimeoutError") return `there was nothing within ${seconds} s`;
  const code = cause?.code;
  return typeof code === "string" && /^[A-Z_]{3,40}$/.test(code)
    ? `the connection failed with ${code}`
    : "the connection failed";
}
