pragma circom 2.1.6;

include "../../../circuits/lib/padding.circom";
include "../../../circuits/lib/sponge.circom";

// For tests only: a list of at most 31 elements, in three blocks, with its marks checked.
template List(capacity) {
    signal input domain;
    signal input used[capacity];
    signal input elements[capacity];
    signal output out;

    component prefix = Prefix(capacity);
    prefix.used <== used;
    component list = ListSponge(capacity);
    list.domain <== domain;
    list.used <== used;
    list.elements <== elements;
    out <== list.out;
}

component main = List(31);
