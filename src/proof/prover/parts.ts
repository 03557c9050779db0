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
}

export type OnPart = (part: ProofPart) => void;

/** Does a part of a proof. */
export type RunPart = <T>(name: PartName, work: () => Promise<T>) => Promise<T>;

/** Runs parts of one proof and tells, of each that succeeds, what it took. */
export function partsTold(onPart: OnPart = () => {}): RunPart {
  const running = new Set<{ alone: boolean }>();
  return async (name, work) => {
    for (const other of running) other.alone = false;
    const part = { alone: running.size === 0 };
    running.add(part);
    const [since, used] = [performance.now(), process.cpuUsage()];
    try {
      const result = await work();
      const { user, system } = process.cpuUsage(used);
      const processor = part.alone ? { processorSeconds: (user + system) / 1e6 } : {};
      onPart({ name, wallSeconds: (performance.now() - since) / 1000, ...processor });
      return result;
    } finally {
      running.delete(part);
    }
  };
}
