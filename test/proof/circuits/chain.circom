pragma circom 2.1.0;

include "poseidon.circom";

// image is the preimage hashed LENGTH times, each time with the public salt.
template Chain(LENGTH) {
    signal input preimage;
    signal input salt;
    signal output image;

    component links[LENGTH];
    for (var i = 0; i < LENGTH; i++) {
        links[i] = Poseidon(2);
        links[i].inputs[0] <== i == 0 ? preimage : links[i - 1].out;
        links[i].inputs[1] <== salt;
    }
    image <== links[LENGTH - 1].out;
}

component main {public [salt]} = Chain(8);
