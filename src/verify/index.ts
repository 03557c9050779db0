export { disclosedCommitment } from "./disclosed.js";
export { type PolicyRoots, policyRoots, verifyPolicy } from "./policy.js";
export { type ProofFile, type VerifyProofOptions, verifyProofFile } from "./proof.js";
export { readVerifiable, type Verifiable } from "./read.js";
export { type VerifiedStatement, verifyStatement } from "./statement.js";
