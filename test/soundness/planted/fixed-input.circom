pragma circom 2.1.6;

// Planted bug: the square root is a hint that nothing pins. Two inputs are fixed to constants, so the optimiser drops
// their wires, and the hint moves up to a place where an input would be.
template FixedInput() {
    signal input version;
    signal input in;
    signal input flag;
    signal output out;
    signal half;

    version === 3;
    flag === 1;
    half <-- in / 2;
    out <== half * half + in;
}

component main = FixedInput();
