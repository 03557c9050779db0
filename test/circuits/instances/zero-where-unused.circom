pragma circom 2.1.6;

include "../../../circuits/lib/padding.circom";

component main { public [used, values] } = ZeroWhereUnused(2);
