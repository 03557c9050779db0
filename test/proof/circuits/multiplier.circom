pragma circom 2.1.0;

// product === first * second * secret, with three public signals: product, first, second.
template Multiplier() {
    signal input first;
    signal input second;
    signal input secret;
    signal output product;

    signal partial <== first * second;
    product <== partial * secret;
}

component main {public [first, second]} = Multiplier();
