pragma circom 2.1.6;

// Planted bug: quotient and remainder share one equation, and no range check ties them down.
template Divide() {
    signal input dividend;
    signal input divisor;
    signal output quotient;
    signal output remainder;

    quotient <-- dividend \ divisor;
    remainder <-- dividend % divisor;
    quotient * divisor + remainder === dividend;
}

component main = Divide();
