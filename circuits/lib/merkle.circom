pragma circom 2.1.6;

include "poseidon.circom";
include "bitify.circom";

// Root of a full binary tree: inner node = H_2(left, right). Missing leaves are 0.
template MerkleRoot(depth) {
    var n = 2 ** depth;
    signal input leaves[n];
    signal output root;

    // Nodes in the order of a heap: the children of node i are 2i and 2i + 1, the root is node 1.
    signal nodes[2 * n];
    component hashes[n];
    nodes[0] <== 0;
    for (var i = 0; i < n; i++) {
        nodes[n + i] <== leaves[i];
    }
    for (var i = n - 1; i > 0; i--) {
        hashes[i] = Poseidon(2);
        hashes[i].inputs <== [nodes[2 * i], nodes[2 * i + 1]];
        nodes[i] <== hashes[i].out;
    }
    root <== nodes[1];
}

// Root of the tree in which `leaf` stands at `index`. Enforces 0 <= index < 2^depth.
template MerklePath(depth) {
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
    for (var level = 0; level < depth; level++) {
        // (left, right) = (node, sibling), exchanged where the bit is 1.
        swap[level] <== side.out[level] * (siblings[level] - nodes[level]);
        hashes[level] = Poseidon(2);
        hashes[level].inputs <== [nodes[level] + swap[level], siblings[level] - swap[level]];
        nodes[level + 1] <== hashes[level].out;
    }
    root <== nodes[depth];
}
