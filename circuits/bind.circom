pragma circom 2.1.6;

include "lib/bind.circom";

// 793 chunks of 31 bytes: 24,576 bytes, the most that a contract can have (EIP-170).
component main { public [commitment, point, value, layoutRoot, account, migrationDigest, codeDigest] } =
    Bind(793);
