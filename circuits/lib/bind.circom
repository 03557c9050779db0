pragma circom 2.1.6;

include "commitment.circom";
include "polynomial.circom";
include "sponge.circom";

// The code inside C has P(z) = y, and C opens to layoutRoot' and callDigest. The contract computes z from C and from
// the hash of the deployed code, and y from the deployed bytes.
template Bind(chunkCount) {
    // Public, in the order of the contract.
    signal input commitment;
    signal input point;
    signal input value;
    signal input layoutRoot;
    signal input callDigest;

    // The code and the rest of the opening.
    signal input length;
    signal input chunks[chunkCount];
    signal input incidentRoot;
    signal input salt;

    component code = Sponge(chunkCount + 1);
    code.domain <== TAG_CODE();
    code.stream[0] <== length;
    for (var i = 0; i < chunkCount; i++) {
        code.stream[i + 1] <== chunks[i];
    }

    component opening = PatchCommitment();
    opening.codeDigest <== code.out;
    opening.layoutRoot <== layoutRoot;
    opening.incidentRoot <== incidentRoot;
    opening.callDigest <== callDigest;
    opening.salt <== salt;
    opening.out === commitment;

    component polynomial = CodePolynomial(chunkCount);
    polynomial.length <== length;
    polynomial.chunks <== chunks;
    polynomial.point <== point;
    polynomial.out === value;
}
