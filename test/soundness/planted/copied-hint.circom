pragma circom 2.1.6;

// Planted bug: the hint is copied, and the copies agree with each other and with nothing else.
template CopiedHint() {
    signal input in;
    signal output out;
    signal root;
    signal copy;

    root <-- in / 2;
    copy <== root;
    out <== copy;
}

component main = CopiedHint();
