pragma circom 2.1.6;

include "poseidon.circom";

// State after each permutation of the sponge: S_0 = domain, S_{k+1} = H_16(S_k, next 15 elements), the stream
// zero-padded at the end. The caller puts the length in front; see Sponge and ListSponge.
template SpongeStates(n) {
    var blocks = (n + 14) \ 15;
    signal input domain;
    signal input stream[n];
    signal output states[blocks];

    component permutations[blocks];
    for (var k = 0; k < blocks; k++) {
        permutations[k] = Poseidon(16);
        permutations[k].inputs[0] <== k == 0 ? domain : states[k - 1];
        for (var i = 0; i < 15; i++) {
            permutations[k].inputs[i + 1] <== 15 * k + i < n ? stream[15 * k + i] : 0;
        }
        states[k] <== permutations[k].out;
    }
}

// Digest of a stream of fixed length, whose first element is the length of what follows.
template Sponge(n) {
    var blocks = (n + 14) \ 15;
    signal input domain;
    signal input stream[n];
    signal output out;

    component sponge = SpongeStates(n);
    sponge.domain <== domain;
    sponge.stream <== stream;
    out <== sponge.states[blocks - 1];
}

// Digest of a list of at most `capacity` elements, the same for every capacity: the stream is the true count, then the
// elements, and the digest is the state after the last block that holds one of them.
//
// Assumes that `used` is a prefix of ones (Prefix) and that unused elements are 0 (the caller's duty): only then is the
// padded stream the one that is hashed outside.
template ListSponge(capacity) {
    var blocks = (capacity + 1 + 14) \ 15;
    signal input domain;
    signal input used[capacity];
    signal input elements[capacity];
    signal output out;

    var count = 0;
    component sponge = SpongeStates(capacity + 1);
    sponge.domain <== domain;
    for (var i = 0; i < capacity; i++) {
        count += used[i];
        sponge.stream[i + 1] <== elements[i];
    }
    sponge.stream[0] <== count;

    // Block k holds elements from 15k - 1 on, so it belongs to the list exactly where that element is used.
    signal digest[blocks];
    digest[0] <== sponge.states[0];
    for (var k = 1; k < blocks; k++) {
        digest[k] <== digest[k - 1] + used[15 * k - 1] * (sponge.states[k] - sponge.states[k - 1]);
    }
    out <== digest[blocks - 1];
}
