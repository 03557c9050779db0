pragma circom 2.1.6;

include "../../../circuits/lib/attest.circom";

// For tests only, too small to mean anything: 8 auditors, 3 signers, 4 baseline vectors, 2 incident vectors, 5 old,
// 7 new layout entries, 2 declared changes.
component main { public [commitment, auditorRoot, threshold, vectorRoot, maxWaivers, layoutRoot, targetsRoot] } =
    Attest(3, 3, 2, 2, 1, 5, 7, 2);
