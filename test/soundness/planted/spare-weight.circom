pragma circom 2.1.6;

// Planted bug: bits of weights 1, 2, 4 and 4. The numbers 4 to 7 have two decompositions each.
template SpareWeight() {
    signal input in;
    signal output out[4];

    var weights[4] = [1, 2, 4, 4];
    var sum = 0;
    for (var i = 0; i < 4; i++) {
        out[i] <-- i < 3 ? (in >> i) & 1 : 0;
        out[i] * (out[i] - 1) === 0;
        sum += out[i] * weights[i];
    }
    sum === in;
}

component main { public [in] } = SpareWeight();
