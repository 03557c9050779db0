pragma circom 2.1.6;

// A hint that an input pins: the optimiser merges the two, so the hint has no wire of its own.
template PinnedCopy() {
    signal input in;
    signal input other;
    signal output out;
    signal copy;

    copy <-- in;
    copy === in;
    out <== other * other;
}

component main = PinnedCopy();
