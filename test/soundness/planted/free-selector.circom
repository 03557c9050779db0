pragma circom 2.1.6;

include "poseidon.circom";

// Planted bug: the sides of the Merkle path are hints that are neither bits nor tied to the index.
template FreePath(depth) {
    signal input leaf;
    signal input index;
    signal input siblings[depth];
    signal output root;

    signal side[depth];
    signal nodes[depth + 1];
    signal swap[depth];
    component hashes[depth];
    nodes[0] <== leaf;
    for (var i = 0; i < depth; i++) {
        side[i] <-- (index >> i) & 1;
        swap[i] <== side[i] * (siblings[i] - nodes[i]);
        hashes[i] = Poseidon(2);
        hashes[i].inputs[0] <== nodes[i] + swap[i];
        hashes[i].inputs[1] <== siblings[i] - swap[i];
        nodes[i + 1] <== hashes[i].out;
    }
    root <== nodes[depth];
}

component main = FreePath(2);
