pragma circom 2.1.6;

include "commitment.circom";
include "polynomial.circom";
include "sponge.circom";

// The code inside C has P(z) = y and the digest D, and C opens to layoutRoot', to the account and to the migration. The
// contract computes z from C and from the hash of the deployed code, y from the deployed bytes, the account from the address
// and the gas of its call, and the digest of the migration from its calldata.
template Bind(chunkCount) {
    // Public, in the order of the contract.
    signal input commitment;
    signal input point;
    signal input value;
    signal input layoutRoot;
    signal input account;
    signal input migrationDigest;
    signal input codeDigest;

    // The code and the rest of the opening.
    signal input length;
    signal input chunks[chunkCount];
    signal input incidentRoot;
    signal input executionDigest;
    signal input salt;

    component code = Sponge(chunkCount + 1);
    code.domain <== TAG_CODE();
    code.stream[0] <== length;
    for (var i = 0; i < chunkCount; i++) {
        code.stream[i + 1] <== chunks[i];
    }
    code.out === codeDigest;

    component call = CallDigest();
    call.account <== account;
    call.migrationDigest <== migrationDigest;
    call.executionDigest <== executionDigest;

    component opening = PatchCommitment();
    opening.codeDigest <== codeDigest;
    opening.layoutRoot <== layoutRoot;
    opening.incidentRoot <== incidentRoot;
    opening.callDigest <== call.out;
    opening.salt <== salt;
    opening.out === commitment;

    component polynomial = CodePolynomial(chunkCount);
    polynomial.length <== length;
    polynomial.chunks <== chunks;
    polynomial.point <== point;
    polynomial.out === value;
}
