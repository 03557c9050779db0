pragma circom 2.1.6;

// Planted bug: one equation for two limbs; (high + 1, low - 2^16) fits as well.
template Limbs() {
    signal input in;
    signal output high;
    signal output low;

    high <-- in >> 16;
    low <-- in & 0xffff;
    in === high * 2 ** 16 + low;
}

component main = Limbs();
