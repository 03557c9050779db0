// 128 vectors of the drill's contract on the old and the new code, by the command line, in a process of its own.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { hexlify, JsonRpcProvider } from "ethers";
import { corpusCase } from "../../corpus/CVE-2021-39168/case.js";
import { deployCase, recordScenarios, startAnvil } from "../../src/drill/index.js";
import { mergeVectorSets, VECTOR_LIMITS, writeVectorSet } from "../../src/vectors/index.js";

const folder = await mkdtemp(join(tmpdir(), "sealpatch-bench-"));
const anvil = await startAnvil();
const provider = new JsonRpcProvider(anvil.url, undefined, { cacheTimeout: -1, pollingInterval: 20 });
try {
  const { context, current, patch } = await deployCase(provider, corpusCase, "transparent");
  const recorded = await recordScenarios(anvil.url, context, corpusCase.baseline(context), [current]);
  const { vectors } = recorded;
  // The case has fewer vectors: each stands in the set several times, with another step limit.
  const repeated = Array.from({ length: VECTOR_LIMITS.baselineVectors }, (_, index) => {
    const vector = vectors[index % vectors.length]!;
    return { ...vector, name: `${index}`, stepLimit: vector.stepLimit + index };
  });
  const set = join(folder, "set.json");
  await writeVectorSet(set, mergeVectorSets([{ ...recorded, vectors: repeated }]));
  const args: string[] = [];
  for (const [name, { code, address }] of Object.entries({ current, patch })) {
    const file = join(folder, `${name}.hex`);
    await writeFile(file, hexlify(code));
    args.push("--code", file, "--address", address);
  }
  const since = performance.now();
  // Rejects where a vector does not hold.
  await promisify(execFile)(process.execPath, [
    ...["--import", "tsx", "src/cli/main.ts", "vectors", "run", set],
    ...args,
  ]);
  console.log(JSON.stringify({ ms: performance.now() - since }));
} finally {
  provider.destroy();
  await anvil.stop();
  await rm(folder, { recursive: true, force: true });
}
