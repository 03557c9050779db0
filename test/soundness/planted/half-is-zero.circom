pragma circom 2.1.6;

// Planted bug: IsZero without in * out === 0, so inv = 0 makes any input zero.
template HalfIsZero() {
    signal input in;
    signal output out;
    signal inv;

    inv <-- in != 0 ? 1 / in : 0;
    out <== -in * inv + 1;
}

template Gate() {
    signal input in;
    signal input weight;
    signal output out;

    component isZero = HalfIsZero();
    isZero.in <== in;
    out <== isZero.out * weight;
}

component main = Gate();
