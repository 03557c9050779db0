pragma circom 2.1.6;

// Planted bug: the flag is checked to be 0 or 2, where 0 or 1 is meant.
template Flag() {
    signal input in;
    signal output flag;

    flag <-- in > 10 ? 1 : 0;
    flag * (flag - 2) === 0;
}

component main = Flag();
