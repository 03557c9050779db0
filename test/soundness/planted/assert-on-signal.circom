pragma circom 2.1.6;

template Inner() {
    signal input in;
    signal output out;

    out <== in + 1;
}

// Planted bug: the assert stops an honest prover only.
template Positive(n) {
    assert(n > 0);
    signal input in;
    signal output out;

    component inner = Inner();
    inner.in <== in;
    var doubled = 2 * inner.out;
    assert(doubled != 0);
    out <== doubled * n;
}

component main = Positive(3);
