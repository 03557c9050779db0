pragma circom 2.1.6;

include "bitify.circom";
include "poseidon.circom";

// The correct twin of planted/free-selector.circom.
template Path(depth) {
    signal input leaf;
    signal input index;
    signal input siblings[depth];
    signal output root;

    component side = Num2Bits(depth);
    side.in <== index;
    signal nodes[depth + 1];
    signal swap[depth];
    component hashes[depth];
    nodes[0] <== leaf;
    for (var i = 0; i < depth; i++) {
        swap[i] <== side.out[i] * (siblings[i] - nodes[i]);
        hashes[i] = Poseidon(2);
        hashes[i].inputs[0] <== nodes[i] + swap[i];
        hashes[i].inputs[1] <== siblings[i] - swap[i];
        nodes[i + 1] <== hashes[i].out;
    }
    root <== nodes[depth];
}

component main = Path(2);
