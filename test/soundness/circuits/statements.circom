pragma circom 2.1.6;

include "lib/rows.circom";

// Every form of statement around a === that the stripper and the marker must understand. In a comment, a === b stays.
template Statements(n) {
    signal input a;
    signal input b[n];
    signal input c;
    signal output out;

    if (n > 2) a === c; else a * a === c;
    for (var i = 1; i < n; i++) b[i] === b[i - 1];
    for (var i = 0; i < n; i++) {
        /* and in a block comment:
           a === c; */
        var j = 0;
        while (j < 1) { a * b[i] === 2 * c; j++; }
        if (i % 2 == 0) b[i] * (b[i] - 2) === 0;
        else if (i == 1) { b[i] === 2; }
        else b[i] * b[i] === 4;
    }
    log("a === c", a);
    component rows[2];
    for (var i = 0; i < 2; i++) {
        rows[i] = Row();
        rows[i].right <== a;
        rows[i].left <==
            c + i * b[0];
    }
    rows[0].sum + rows[1].sum
        === 4 * a + b[0]; out <== a * c;
}

component main = Statements(4);
