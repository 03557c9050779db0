pragma circom 2.1.6;

// P(point) = length + sum of chunks[i] * point^(i + 1), by Horner's rule from the last chunk to the first.
template CodePolynomial(n) {
    signal input length;
    signal input chunks[n];
    signal input point;
    signal output out;

    signal partial[n];
    partial[n - 1] <== chunks[n - 1];
    for (var i = n - 2; i >= 0; i--) {
        partial[i] <== partial[i + 1] * point + chunks[i];
    }
    out <== partial[0] * point + length;
}
