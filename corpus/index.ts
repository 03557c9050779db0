import type { CorpusCase } from "../src/drill/index.js";
import { corpusCase as timelockReentrancy } from "./CVE-2021-39168/case.js";
import { corpusCase as bareImplementation } from "./CVE-2021-41264/case.js";
import { corpusCase as compactSignature } from "./CVE-2022-35961/case.js";
import { corpusCase as forgedMultiproof } from "./CVE-2023-34459/case.js";
import { corpusCase as spoofedSender } from "./thirdweb-multicall/case.js";

export type { CaseInputs } from "./sources.js";

/** Every case of the corpus, in the order in which `drill --list` names them. The first one is the drill's default. */
export const CORPUS: readonly CorpusCase[] = [
  timelockReentrancy,
  bareImplementation,
  compactSignature,
  forgedMultiproof,
  spoofedSender,
];
