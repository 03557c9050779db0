pragma circom 2.1.6;

include "../../../circuits/lib/layout.circom";

// For tests only: the layout part alone, 40 old and 48 new layout entries, 2 declared changes.
component main = LayoutPreserved(40, 48, 2);
