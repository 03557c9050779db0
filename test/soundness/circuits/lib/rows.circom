pragma circom 2.1.6;

// left is right or right + 2.
template Row() {
    signal input left;
    signal input right;
    signal output sum;

    signal gap <-- left - right;
    gap === left - right;
    gap * (gap - 2) === 0;
    sum <== left + right;
}
