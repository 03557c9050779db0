pragma circom 2.1.6;

include "poseidon.circom";
include "tags.circom";

// patchCommitment C = H_3(tag, H_4(codeDigest, layoutRoot', incidentRoot, callDigest), salt).
template PatchCommitment() {
    signal input codeDigest;
    signal input layoutRoot;
    signal input incidentRoot;
    signal input callDigest;
    signal input salt;
    signal output out;

    component content = Poseidon(4);
    content.inputs <== [codeDigest, layoutRoot, incidentRoot, callDigest];

    component commitment = Poseidon(3);
    commitment.inputs <== [TAG_PATCH(), content.out, salt];
    out <== commitment.out;
}
