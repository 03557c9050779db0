pragma circom 2.1.6;

// Domain tags: the ASCII name as an integer. The same table stands in src/field/tags.ts; a test compares the two.

// sealpatch.code
function TAG_CODE() {
    return 0x7365616c70617463682e636f6465;
}

// sealpatch.layout
function TAG_LAYOUT() {
    return 0x7365616c70617463682e6c61796f7574;
}

// sealpatch.layout.entry
function TAG_LAYOUT_ENTRY() {
    return 0x7365616c70617463682e6c61796f75742e656e747279;
}

// sealpatch.layout.gap
function TAG_LAYOUT_GAP() {
    return 0x7365616c70617463682e6c61796f75742e676170;
}

// sealpatch.layout.challenge
function TAG_LAYOUT_CHALLENGE() {
    return 0x7365616c70617463682e6c61796f75742e6368616c6c656e6765;
}

// sealpatch.layout.changed
function TAG_LAYOUT_CHANGED() {
    return 0x7365616c70617463682e6c61796f75742e6368616e676564;
}

// sealpatch.layout.changes
function TAG_LAYOUT_CHANGES() {
    return 0x7365616c70617463682e6c61796f75742e6368616e676573;
}

// sealpatch.vector
function TAG_VECTOR() {
    return 0x7365616c70617463682e766563746f72;
}

// sealpatch.report
function TAG_REPORT() {
    return 0x7365616c70617463682e7265706f7274;
}

// sealpatch.report.baseline
function TAG_REPORT_BASELINE() {
    return 0x7365616c70617463682e7265706f72742e626173656c696e65;
}

// sealpatch.report.incident
function TAG_REPORT_INCIDENT() {
    return 0x7365616c70617463682e7265706f72742e696e636964656e74;
}

// sealpatch.auditor
function TAG_AUDITOR() {
    return 0x7365616c70617463682e61756469746f72;
}

// sealpatch.attestation
function TAG_ATTESTATION() {
    return 0x7365616c70617463682e6174746573746174696f6e;
}

// sealpatch.patch
function TAG_PATCH() {
    return 0x7365616c70617463682e7061746368;
}

// sealpatch.call
function TAG_CALL() {
    return 0x7365616c70617463682e63616c6c;
}
