pragma circom 2.1.6;

include "../../../circuits/lib/bind.circom";

// For tests only: 31 chunks.
component main { public [commitment, point, value, layoutRoot, account, migrationDigest, codeDigest] } =
    Bind(31);
