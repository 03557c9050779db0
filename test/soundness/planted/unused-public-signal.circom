pragma circom 2.1.6;

// Planted bug: `recipient` is public and in no constraint, so a proof can be redirected.
template Withdraw() {
    signal input secret;
    signal input recipient;
    signal output nullifier;

    nullifier <== secret * secret;
}

component main { public [recipient] } = Withdraw();
