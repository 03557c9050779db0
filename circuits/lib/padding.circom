pragma circom 2.1.6;

// A list of variable length in an array of fixed size: `used` marks its elements. Enforces that the marks are bits and
// that they form a prefix (1, 1, .., 1, 0, .., 0); `count` is their number.
template Prefix(n) {
    signal input used[n];
    signal output count;

    var sum = 0;
    for (var i = 0; i < n; i++) {
        used[i] * (used[i] - 1) === 0;
        if (i > 0) {
            used[i] * (1 - used[i - 1]) === 0;
        }
        sum += used[i];
    }
    count <== sum;
}

// Enforces that every value of an unused place is 0. Assumes that `used` is a bit.
template ZeroWhereUnused(n) {
    signal input used;
    signal input values[n];

    for (var i = 0; i < n; i++) {
        (1 - used) * values[i] === 0;
    }
}
