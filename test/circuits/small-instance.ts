import { join } from "node:path";
import { buildTwins, Judge, type Twins } from "../../soundness/index.js";
import { BUILD, ROOT } from "../../src/places.js";
import { INSTANCES, type InstanceName } from "../../tools/circuits/instances.js";

/** A small instance with its lax twin; compiled once for all tests. */
export function smallInstance(name: InstanceName): Promise<Twins> {
  return buildTwins({ mainFile: join(ROOT, INSTANCES[name]), workDir: join(BUILD, "soundness") });
}

/** The judge of a small instance; compiled once for all tests. */
export function smallJudge(name: InstanceName): Promise<Judge> {
  return Judge.build({ mainFile: join(ROOT, INSTANCES[name]), workDir: join(BUILD, "soundness") });
}
