pragma circom 2.1.6;

include "eddsaposeidon.circom";

// circomlib's verifier on its own, as the circuits of the product use it.
template Signature() {
    signal input enabled;
    signal input key[2];
    signal input nonce[2];
    signal input scalar;
    signal input message;

    component verifier = EdDSAPoseidonVerifier();
    verifier.enabled <== enabled;
    verifier.Ax <== key[0];
    verifier.Ay <== key[1];
    verifier.R8x <== nonce[0];
    verifier.R8y <== nonce[1];
    verifier.S <== scalar;
    verifier.M <== message;
}

component main { public [message] } = Signature();
