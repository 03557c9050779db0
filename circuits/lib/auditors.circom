pragma circom 2.1.6;

include "babyjub.circom";
include "bitify.circom";
include "comparators.circom";
include "eddsaposeidon.circom";
include "poseidon.circom";
include "merkle.circom";
include "padding.circom";
include "tags.circom";

// What an auditor signs: M = H_5(tag, C, targetsRoot, vectorRoot, reportDigest).
template AttestedMessage() {
    signal input commitment;
    signal input targetsRoot;
    signal input vectorRoot;
    signal input reportDigest;
    signal output out;

    component hash = Poseidon(5);
    hash.inputs <== [TAG_ATTESTATION(), commitment, targetsRoot, vectorRoot, reportDigest];
    out <== hash.out;
}

// One signer slot. Where it is used: the key stands at `index` in the auditors' tree and signed the message. Where it
// is unused: every value of it is 0, and the checks run on the neutral point instead. `octuple` is the x of 8A, A the key:
// the group has 8 times a prime many points, so the point 8A lies in the subgroup of prime order, where x tells points apart.
template Signer(depth) {
    signal input used;
    signal input root;
    signal input message;
    signal input index;
    signal input siblings[depth];
    signal input key[2];
    signal input nonce[2];
    signal input scalar;
    signal output octuple;

    component padding = ZeroWhereUnused(6 + depth);
    padding.used <== used;
    padding.values[0] <== key[0];
    padding.values[1] <== key[1];
    padding.values[2] <== nonce[0];
    padding.values[3] <== nonce[1];
    padding.values[4] <== scalar;
    padding.values[5] <== index;
    for (var level = 0; level < depth; level++) {
        padding.values[6 + level] <== siblings[level];
    }

    component leafHash = Poseidon(3);
    leafHash.inputs <== [TAG_AUDITOR(), key[0], key[1]];

    component path = MerklePath(depth);
    path.leaf <== leafHash.out;
    path.index <== index;
    path.siblings <== siblings;
    used * (path.root - root) === 0;

    // circomlib's verifier checks that the scalar is below the group order, but takes both points as they come.
    component keyOnCurve = BabyCheck();
    keyOnCurve.x <== key[0];
    keyOnCurve.y <== key[1] + (1 - used);
    component nonceOnCurve = BabyCheck();
    nonceOnCurve.x <== nonce[0];
    nonceOnCurve.y <== nonce[1] + (1 - used);

    // The verifier takes 8A as well, but keeps it to itself.
    component doubles[3];
    for (var i = 0; i < 3; i++) {
        doubles[i] = BabyDbl();
        doubles[i].x <== i == 0 ? key[0] : doubles[i - 1].xout;
        doubles[i].y <== i == 0 ? key[1] + (1 - used) : doubles[i - 1].yout;
    }
    octuple <== doubles[2].xout;

    component signature = EdDSAPoseidonVerifier();
    signature.enabled <== used;
    signature.Ax <== key[0];
    signature.Ay <== key[1] + (1 - used);
    signature.R8x <== nonce[0];
    signature.R8y <== nonce[1] + (1 - used);
    signature.S <== scalar;
    signature.M <== message;
}

// At least `threshold` distinct auditors of the tree `root` signed `message`, and threshold >= 1. Distinct: used slots
// form a prefix, indices strictly increase, and 8A of their keys is pairwise different. Not the keys themselves: whoever
// has the secret of A signs for A + T as well, T a point of order 2, 4 or 8, because signatures are verified on 8A.
template Auditors(depth, signers, countBits) {
    assert(signers < 2 ** countBits);
    signal input root;
    signal input threshold;
    signal input message;
    signal input used[signers];
    signal input index[signers];
    signal input siblings[signers][depth];
    signal input key[signers][2];
    signal input nonce[signers][2];
    signal input scalar[signers];

    component prefix = Prefix(signers);
    prefix.used <== used;

    component thresholdPositive = Num2Bits(countBits);
    thresholdPositive.in <== threshold - 1;
    component thresholdReached = Num2Bits(countBits);
    thresholdReached.in <== prefix.count - threshold;

    component slots[signers];
    for (var i = 0; i < signers; i++) {
        slots[i] = Signer(depth);
        slots[i].used <== used[i];
        slots[i].root <== root;
        slots[i].message <== message;
        slots[i].index <== index[i];
        slots[i].siblings <== siblings[i];
        slots[i].key <== key[i];
        slots[i].nonce <== nonce[i];
        slots[i].scalar <== scalar[i];
    }

    component increasing[signers];
    for (var i = 1; i < signers; i++) {
        increasing[i] = Num2Bits(depth);
        increasing[i].in <== used[i] * (index[i] - index[i - 1] - 1);
    }

    component sameKey[signers][signers];
    for (var i = 0; i < signers; i++) {
        for (var j = i + 1; j < signers; j++) {
            sameKey[i][j] = IsEqual();
            sameKey[i][j].in <== [slots[i].octuple, slots[j].octuple];
            used[j] * sameKey[i][j].out === 0;
        }
    }
}
