/** Parts of making a proof; `proof` is the whole between witness and check where a prover does not tell its parts. */
export type PartName =
  | "key"
  | "witness"
  | "rows"
  | "transforms"
  | "sum A"
  | "sum B1"
  | "sum B2"
  | "sum C"
  | "sum H"
  | "finish"
  | "proof"
  | "check";

/** What a part of a proof took. One name may come more than once. */
export interface ProofPart {
  readonly name: PartName;
  readonly wallSeconds: number;
  /** Of all threads of this process, whatever they worked on; left out of a part that ran beside another one. */
  readonly processorSeconds?: number;
  /** That its jobs took threads, where it ran on threads of its prover. */
  readonly threadSeconds?: number;
}

export type OnPart = (part: ProofPart) => void;

/** Does a part of a proof, which may tell what it took of threads. */
export type RunPart = <T>(
  name: PartName,
  work: (onThread: (seconds: number) => void) => Promise<T>,
) => Promise<T>;

/** Runs parts of one proof and tells, of each that succeeds, what it took. */
export function partsTold(onPart: OnPart = () => {}): RunPart {
  const running = new Set<{ alone: boolean }>();
  return async (name, work) => {
    for (const other of running) other.alone = false;
    const part = { alone: running.size === 0 };
    running.add(part);
    const [since, used] = [performance.now(), process.cpuUsage()];
    let threadSeconds: number | undefined;
    try {
      const result = await work((seconds) => {
        threadSeconds = (threadSeconds ?? 0) + seconds;
      });
      const { user, system } = process.cpuUsage(used);
      const processor = part.alone ? { processorSeconds: (user + system) / 1e6 } : {};
      const threads = threadSeconds === undefined ? {} : { threadSeconds };
      onPart({ name, wallSeconds: (performance.now() - since) / 1000, ...processor, ...threads });
      return result;
    } finally {
      running.delete(part);
    }
  };
}
