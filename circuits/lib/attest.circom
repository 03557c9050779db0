pragma circom 2.1.6;

include "auditors.circom";
include "commitment.circom";
include "layout.circom";
include "vectors.circom";

// The prover knows a sealed patch C such that
//  - every registered baseline vector passes on it, save at most maxWaivers, and it fixes at least one incident that
//    the current code really has;
//  - it keeps the registered storage layout;
//  - at least `threshold` distinct registered auditors signed these very results for this patch and these targets.
template Attest(auditorDepth, signers, countBits, baselineDepth, incidentDepth, oldEntries, newEntries, changes) {
    var baseline = 2 ** baselineDepth;
    var incidents = 2 ** incidentDepth;

    // Public, in the order of the contract.
    signal input commitment;
    signal input auditorRoot;
    signal input threshold;
    signal input vectorRoot;
    signal input maxWaivers;
    signal input layoutRoot;
    signal input targetsRoot;

    // The opening of the commitment; layoutRoot' and incidentRoot are computed below.
    signal input codeDigest;
    signal input callDigest;
    signal input salt;

    // Results of the vectors.
    signal input currentCode;
    signal input baselineUsed[baseline];
    signal input baselineInput[baseline];
    signal input baselineExpectation[baseline];
    signal input baselineRuns[baseline];
    signal input baselineOutcome[baseline];
    signal input incidentUsed[incidents];
    signal input incidentInput[incidents];
    signal input incidentExpectation[incidents];
    signal input incidentRuns[incidents];
    signal input incidentCurrentOutcome[incidents];

    // Both storage layouts, and the variables whose name or type changes.
    signal input oldUsed[oldEntries];
    signal input oldGap[oldEntries];
    signal input oldChanged[oldEntries];
    signal input oldHi[oldEntries];
    signal input oldPacked[oldEntries];
    signal input oldType[oldEntries];
    signal input oldLabel[oldEntries];
    signal input newUsed[newEntries];
    signal input newGap[newEntries];
    signal input newKeep[newEntries];
    signal input newChanged[newEntries];
    signal input newHi[newEntries];
    signal input newLo[newEntries];
    signal input newSize[newEntries];
    signal input newType[newEntries];
    signal input newLabel[newEntries];
    signal input changeUsed[changes];
    signal input changeHi[changes];
    signal input changePacked[changes];
    signal input changeOldType[changes];
    signal input changeOldName[changes];
    signal input changeOldDeclared[changes];
    signal input changeOldFormerName[changes];
    signal input changeOldFormerType[changes];
    signal input changeNewType[changes];
    signal input changeNewName[changes];
    signal input changeNewDeclared[changes];
    signal input changeNewFormerName[changes];
    signal input changeNewFormerType[changes];

    // Attestations.
    signal input signerUsed[signers];
    signal input signerIndex[signers];
    signal input signerSiblings[signers][auditorDepth];
    signal input signerKey[signers][2];
    signal input signatureNonce[signers][2];
    signal input signatureScalar[signers];

    // 1. Vectors: the results obey the policy.
    component results = BaselineVectors(baselineDepth);
    results.maxWaivers <== maxWaivers;
    results.used <== baselineUsed;
    results.inputDigest <== baselineInput;
    results.expectation <== baselineExpectation;
    results.runs <== baselineRuns;
    results.outcome <== baselineOutcome;
    results.root === vectorRoot;

    component incident = IncidentVectors(incidentDepth, baseline);
    incident.used <== incidentUsed;
    incident.inputDigest <== incidentInput;
    incident.expectation <== incidentExpectation;
    incident.runs <== incidentRuns;
    incident.currentOutcome <== incidentCurrentOutcome;
    incident.baselineInputs <== baselineInput;

    component report = ReportDigest();
    report.baselineOutcomes <== results.outcomes;
    report.incidentOutcomes <== incident.outcomes;
    report.currentCode <== currentCode;

    // 2. Layout: the new one preserves the registered one.
    component layout = LayoutPreserved(oldEntries, newEntries, changes);
    layout.oldUsed <== oldUsed;
    layout.oldGap <== oldGap;
    layout.oldChanged <== oldChanged;
    layout.oldHi <== oldHi;
    layout.oldPacked <== oldPacked;
    layout.oldType <== oldType;
    layout.oldLabel <== oldLabel;
    layout.newUsed <== newUsed;
    layout.newGap <== newGap;
    layout.newKeep <== newKeep;
    layout.newChanged <== newChanged;
    layout.newHi <== newHi;
    layout.newLo <== newLo;
    layout.newSize <== newSize;
    layout.newType <== newType;
    layout.newLabel <== newLabel;
    layout.changeUsed <== changeUsed;
    layout.changeHi <== changeHi;
    layout.changePacked <== changePacked;
    layout.changeOldType <== changeOldType;
    layout.changeOldName <== changeOldName;
    layout.changeOldDeclared <== changeOldDeclared;
    layout.changeOldFormerName <== changeOldFormerName;
    layout.changeOldFormerType <== changeOldFormerType;
    layout.changeNewType <== changeNewType;
    layout.changeNewName <== changeNewName;
    layout.changeNewDeclared <== changeNewDeclared;
    layout.changeNewFormerName <== changeNewFormerName;
    layout.changeNewFormerType <== changeNewFormerType;
    layout.oldRoot === layoutRoot;

    // 3. Commitment: the patch that the results and the layout speak of is the sealed one.
    component opening = PatchCommitment();
    opening.codeDigest <== codeDigest;
    opening.layoutRoot <== layout.newRoot;
    opening.incidentRoot <== incident.root;
    opening.callDigest <== callDigest;
    opening.salt <== salt;
    opening.out === commitment;

    // 4. Auditors: enough of them signed exactly that.
    component message = AttestedMessage();
    message.commitment <== commitment;
    message.targetsRoot <== targetsRoot;
    message.vectorRoot <== vectorRoot;
    message.reportDigest <== report.out;

    component auditors = Auditors(auditorDepth, signers, countBits);
    auditors.root <== auditorRoot;
    auditors.threshold <== threshold;
    auditors.message <== message.out;
    auditors.used <== signerUsed;
    auditors.index <== signerIndex;
    auditors.siblings <== signerSiblings;
    auditors.key <== signerKey;
    auditors.nonce <== signatureNonce;
    auditors.scalar <== signatureScalar;
}
