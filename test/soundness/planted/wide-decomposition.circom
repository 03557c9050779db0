pragma circom 2.1.6;

include "bitify.circom";

function FIELD_BITS() {
    return 127 * 2;
}

template Parity(width) {
    var bits = width + 0;
    signal input in;
    signal output out;

    component decomposition = Num2Bits(bits);
    decomposition.in <== in;
    out <== decomposition.out[0];
}

// Planted bug: 254 bits hold in and in + r, so the parity of most numbers is the prover's choice.
component main = Parity(FIELD_BITS());
