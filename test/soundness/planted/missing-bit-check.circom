pragma circom 2.1.6;

// Planted bug: the bits are recomposed, but nothing makes them bits.
template Decompose(n) {
    signal input in;
    signal output bits[n];

    var sum = 0;
    for (var i = 0; i < n; i++) {
        bits[i] <-- (in >> i) & 1;
        sum += bits[i] * 2 ** i;
    }
    sum === in;
}

component main = Decompose(8);
