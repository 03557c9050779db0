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
    content.inputs[0] <== codeDigest;
    content.inputs[1] <== layoutRoot;
    content.inputs[2] <== incidentRoot;
    content.inputs[3] <== callDigest;

    component commitment = Poseidon(3);
    commitment.inputs[0] <== TAG_PATCH();
    commitment.inputs[1] <== content.out;
    commitment.inputs[2] <== salt;
    out <== commitment.out;
}
