pragma circom 2.1.6;

include "lib/attest.circom";

// 32 auditors, 8 signers, 128 baseline vectors, 16 incident vectors, 64 old and 96 new layout entries,
// 7 declared changes of name or type.
component main { public [commitment, auditorRoot, threshold, vectorRoot, maxWaivers, layoutRoot, targetsRoot] } =
    Attest(5, 8, 4, 7, 4, 64, 96, 7);
