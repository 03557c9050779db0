pragma circom 2.1.6;

include "poseidon.circom";
include "tags.circom";

// callDigest = H_4(tag, account, migrationDigest, executionDigest): what the upgrade calls, with how much gas. account holds
// the implementation's address and the gas of the migration.
template CallDigest() {
    signal input account;
    signal input migrationDigest;
    signal input executionDigest;
    signal output out;

    component hash = Poseidon(4);
    hash.inputs <== [TAG_CALL(), account, migrationDigest, executionDigest];
    out <== hash.out;
}

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
