pragma circom 2.1.6;

include "bitify.circom";

// Planted bug: the quotient is range-checked, the remainder is not, so nothing ties the two down.
template Divide() {
    signal input dividend;
    signal input divisor;
    signal output quotient;
    signal output remainder;

    quotient <-- dividend \ divisor;
    remainder <-- dividend % divisor;
    quotient * divisor + remainder === dividend;
    component range = Num2Bits(32);
    range.in <== quotient;
}

component main = Divide();
