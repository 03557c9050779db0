pragma circom 2.1.6;

// Planted bug: the product is computed and never constrained.
template Product() {
    signal input a;
    signal input b;
    signal output product;

    product <-- a * b;
}

component main = Product();
