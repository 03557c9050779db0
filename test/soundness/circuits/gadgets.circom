pragma circom 2.1.6;

include "comparators.circom";
include "bitify.circom";
include "mux2.circom";

// The correct twins of the small planted bugs, in one circuit: IsZero, LessThan, Num2Bits (also the strict one, of 254
// bits), MultiMux2, and a division with all its range checks.
template Gadgets() {
    signal input number;
    signal input zero;
    signal input other;
    signal input table[2][4];
    signal output isZero;
    signal output isLess;
    signal output chosen[2];
    signal output quotient;
    signal output remainder;
    signal output parity;

    component zeroCheck = IsZero();
    zeroCheck.in <== zero;
    isZero <== zeroCheck.out;

    component bits = Num2Bits(32);
    bits.in <== number;
    component otherBits = Num2Bits(32);
    otherBits.in <== other;
    component less = LessThan(32);
    less.in[0] <== number;
    less.in[1] <== other;
    isLess <== less.out;

    component mux = MultiMux2(2);
    mux.c <== table;
    mux.s[0] <== bits.out[0];
    mux.s[1] <== bits.out[1];
    chosen <== mux.out;

    quotient <-- number \ other;
    remainder <-- number % other;
    quotient * other + remainder === number;
    component quotientRange = Num2Bits(32);
    quotientRange.in <== quotient;
    component remainderRange = Num2Bits(32);
    remainderRange.in <== remainder;
    component remainderLess = LessThan(32);
    remainderLess.in[0] <== remainder;
    remainderLess.in[1] <== other;
    remainderLess.out === 1;

    component strict = Num2Bits_strict();
    strict.in <== number * zero - other;
    parity <== strict.out[0];
}

component main = Gadgets();
