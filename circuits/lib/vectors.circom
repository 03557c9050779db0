pragma circom 2.1.6;

include "bitify.circom";
include "comparators.circom";
include "poseidon.circom";
include "merkle.circom";
include "padding.circom";
include "sponge.circom";
include "tags.circom";

// Leaf of a vector: H_4(tag, inputDigest, expectationDigest, runsDigest), or 0 at an unused place. runsDigest is whatever
// the registered root says: 0 where the vector has no run record.
template VectorLeaf() {
    signal input used;
    signal input inputDigest;
    signal input expectation;
    signal input runs;
    signal output leaf;

    component hash = Poseidon(4);
    hash.inputs <== [TAG_VECTOR(), inputDigest, expectation, runs];
    leaf <== used * hash.out;
}

// One baseline vector: its leaf, and whether the patch's outcome is the expectation. Unused places pass.
template BaselineVector() {
    signal input used;
    signal input inputDigest;
    signal input expectation;
    signal input runs;
    signal input outcome;
    signal output leaf;
    signal output passes;

    component padding = ZeroWhereUnused(4);
    padding.used <== used;
    padding.values <== [inputDigest, expectation, runs, outcome];

    component leafOf = VectorLeaf();
    leafOf.used <== used;
    leafOf.inputDigest <== inputDigest;
    leafOf.expectation <== expectation;
    leafOf.runs <== runs;
    leaf <== leafOf.leaf;

    component same = IsEqual();
    same.in <== [expectation, outcome];
    passes <== same.out;
}

// The baseline set: there is at least one vector, and all of them pass on the patch save at most `maxWaivers`.
template BaselineVectors(depth) {
    var n = 2 ** depth;
    signal input maxWaivers;
    signal input used[n];
    signal input inputDigest[n];
    signal input expectation[n];
    signal input runs[n];
    signal input outcome[n];
    signal output root;
    signal output outcomes;

    component prefix = Prefix(n);
    prefix.used <== used;
    used[0] === 1;

    component vectors[n];
    component tree = MerkleRoot(depth);
    component list = ListSponge(n);
    list.domain <== TAG_REPORT_BASELINE();
    list.used <== used;
    list.elements <== outcome;
    var failures = n;
    for (var i = 0; i < n; i++) {
        vectors[i] = BaselineVector();
        vectors[i].used <== used[i];
        vectors[i].inputDigest <== inputDigest[i];
        vectors[i].expectation <== expectation[i];
        vectors[i].runs <== runs[i];
        vectors[i].outcome <== outcome[i];
        tree.leaves[i] <== vectors[i].leaf;
        failures -= vectors[i].passes;
    }
    root <== tree.root;
    outcomes <== list.out;

    // failures <= n = 2^depth; both sides of the comparison fit depth + 1 bits.
    component waiversInRange = Num2Bits(depth + 1);
    waiversInRange.in <== maxWaivers;
    component waiversSuffice = Num2Bits(depth + 1);
    waiversSuffice.in <== maxWaivers - failures;
}

// One incident vector: the current code fails it. (The patch passes it by construction: its outcome on the patch is
// not an input, the expectation stands in the report.) Its input is none of the baseline inputs.
template IncidentVector(baseline) {
    signal input used;
    signal input inputDigest;
    signal input expectation;
    signal input runs;
    signal input currentOutcome;
    signal input baselineInputs[baseline];
    signal output leaf;

    component padding = ZeroWhereUnused(4);
    padding.used <== used;
    padding.values <== [inputDigest, expectation, runs, currentOutcome];

    component leafOf = VectorLeaf();
    leafOf.used <== used;
    leafOf.inputDigest <== inputDigest;
    leafOf.expectation <== expectation;
    leafOf.runs <== runs;
    leaf <== leafOf.leaf;

    component survives = IsEqual();
    survives.in <== [expectation, currentOutcome];
    used * survives.out === 0;

    // The product of all differences is 0 exactly where one of them is.
    signal differences[baseline];
    differences[0] <== inputDigest - baselineInputs[0];
    for (var i = 1; i < baseline; i++) {
        differences[i] <== differences[i - 1] * (inputDigest - baselineInputs[i]);
    }
    component inBaseline = IsZero();
    inBaseline.in <== differences[baseline - 1];
    used * inBaseline.out === 0;
}

// The incident set: there is at least one vector, and the current code fails each.
template IncidentVectors(depth, baseline) {
    var n = 2 ** depth;
    signal input used[n];
    signal input inputDigest[n];
    signal input expectation[n];
    signal input runs[n];
    signal input currentOutcome[n];
    signal input baselineInputs[baseline];
    signal output root;
    signal output outcomes;

    component prefix = Prefix(n);
    prefix.used <== used;
    used[0] === 1;

    component vectors[n];
    component tree = MerkleRoot(depth);
    component list = ListSponge(2 * n);
    list.domain <== TAG_REPORT_INCIDENT();
    for (var i = 0; i < n; i++) {
        vectors[i] = IncidentVector(baseline);
        vectors[i].used <== used[i];
        vectors[i].inputDigest <== inputDigest[i];
        vectors[i].expectation <== expectation[i];
        vectors[i].runs <== runs[i];
        vectors[i].currentOutcome <== currentOutcome[i];
        vectors[i].baselineInputs <== baselineInputs;
        tree.leaves[i] <== vectors[i].leaf;
        list.used[2 * i] <== used[i];
        list.used[2 * i + 1] <== used[i];
        list.elements[2 * i] <== currentOutcome[i];
        list.elements[2 * i + 1] <== expectation[i];
    }
    root <== tree.root;
    outcomes <== list.out;
}

// reportDigest = H_4(tag, baseline outcomes, incident outcomes, code hash of the current implementation >> 8).
template ReportDigest() {
    signal input baselineOutcomes;
    signal input incidentOutcomes;
    signal input currentCode;
    signal output out;

    component hash = Poseidon(4);
    hash.inputs <== [TAG_REPORT(), baselineOutcomes, incidentOutcomes, currentCode];
    out <== hash.out;
}
