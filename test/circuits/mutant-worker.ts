// A process of `npm run mutants -- circuits`: judges one mutant after the other, each a copy of the circuits in a folder.
import { join } from "node:path";
import { SoundnessError } from "../../soundness/index.js";
import { BUILD, ROOT } from "../../src/places.js";
import type { CircuitMutantAnswer, CircuitMutantQuestion } from "../../tools/mutants/circuits.js";
import { CIRCUIT_TESTS, CircuitsCopy, instancesWith, killer } from "./mutant-suite.js";

const original = new CircuitsCopy(ROOT, join(BUILD, "soundness"));

process.on("message", (question: CircuitMutantQuestion) => {
  answer(question).then(
    (result) => process.send!(result satisfies CircuitMutantAnswer),
    (error: unknown) => process.send!({ error: String(error) } satisfies CircuitMutantAnswer),
  );
});

async function answer({ root, file, killedBy }: CircuitMutantQuestion): Promise<CircuitMutantAnswer> {
  const mutant = new CircuitsCopy(root, join(root, "compiled"));
  try {
    const touched = await instancesWith(mutant, file);
    const tests = CIRCUIT_TESTS.filter(({ instance }) => instance === undefined || touched.has(instance));
    const named = tests.filter(({ name }) => name === killedBy);
    // Whatever kills it, it has to compile.
    const instance = named[0]?.instance ?? [...touched][0];
    if (instance !== undefined) await mutant.judge(instance);
    const found =
      (await killer(named, original, mutant)) ??
      (await killer(
        tests.filter((test) => !named.includes(test)),
        original,
        mutant,
      ));
    return found === undefined ? { verdict: "alive" } : { verdict: "killed", killedBy: found.name };
  } catch (error) {
    const why = error instanceof SoundnessError ? error : undefined;
    if (why?.code === "circuit/compile-failed" || why?.code === "soundness/source-invalid") {
      return { verdict: "not compiled", why: why.why };
    }
    throw error;
  }
}
