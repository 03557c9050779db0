pragma circom 2.1.0;

include "bitify.circom";

template Small() {
    signal input value;
    component bits = Num2Bits(8);
    bits.in <== value;
}

// total is the sum of two values below 256; the first is logged, as a careless circuit would.
template Guarded() {
    signal input values[2];
    signal input limit;
    signal output total;

    log("first value", values[0]);
    component small[2];
    for (var i = 0; i < 2; i++) {
        small[i] = Small();
        small[i].value <== values[i];
    }
    values[0] * values[1] === limit;
    total <== values[0] + values[1];
}

component main {public [limit]} = Guarded();
