pragma circom 2.1.6;

// (left, right) are equal in their last four bits.
template Row() {
    signal input left;
    signal input right;
    signal output sum;

    signal quarter <-- (left - right) >> 4;
    quarter * 16 === left - right;
    sum <== left + right;
}
