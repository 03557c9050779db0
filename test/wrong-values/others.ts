/** Functions that take no such value from a caller, or leave it to one of the table, with what they take instead. */
export const OTHERS: Readonly<Record<string, readonly string[]>> = {
  "a file, read by its schema (test/files, and the tests of each form)": [
    ...["parseAttestation", "parseArtifact", "readArtifact", "parseLayout", "parseBundle", "parseDisclosure"],
    ...[
      "parsePolicy",
      "parseTarget",
      "parseAttestProof",
      "parseBindProof",
      "parseProof",
      "parseVerifyingKey",
    ],
    ...["parseVectorSet", "readVectorSet", "decryptBundle", "readContractLayout"],
  ],
  "what is written by a schema": [
    ...["bundleToJson", "newBundle", "encryptBundle", "disclosureToJson", "disclosureText", "layoutToJson"],
    ...[
      "vectorSetToJson",
      "writeVectorSet",
      "canonicalVectorSet",
      "mergeVectorSets",
      "addVectors",
      "removeVectors",
    ],
  ],
  "nothing, or a file's text, a path, a name or options": [
    ...["newAuditorKey", "newRecipient", "newSalt", "prepareHashing", "fieldElement", "standardInputSchema"],
    ...[
      "disclosureHash",
      "findProver",
      "rapidsnarkProver",
      "makeDevelopmentKeys",
      "buildCircuit",
      "circuitSource",
    ],
    ...["collectFile", "collectSources", "findUpwards", "namespaceRoot", "contractArtifact", "withHardfork"],
  ],
  "compiler output or layouts, whose entries are made by a schema or of such output": [
    ...["assertLayoutPreserved", "assertLayoutsFit", "canonicalLayout", "compareLayouts", "contractLayout"],
    ...["diffLayouts", "displayLabel", "entryLimbs", "layoutEntry", "layoutEntryDigest", "layoutRoot"],
    ...["layoutWitness", "makeLayout", "meetsCircuit", "positionLimbs", "regionSlot", "compileContract"],
    ...["compileInProcess", "compileStandardJson", "contractOf", "initCodeOf", "linkArtifact"],
  ],
  "a sealed bundle or proven patch, whose values meet those of the table": [
    ...[
      "rebuildPatch",
      "reviewPatch",
      "sealGroup",
      "verifyDisclosure",
      "assertRegisteredLayout",
      "disclosureOf",
    ],
    ...[
      "attestInput",
      "attestInputUnchecked",
      "bindInput",
      "bindInputUnchecked",
      "layoutInput",
      "proveAttest",
    ],
    ...["proveBind", "verifyAttest", "verifyBind", "lanePolicy", "readDisclosureFacts", "TimelockClient"],
  ],
  "vectors, whose values are hashed by functions of the table": [
    ...["assertReport", "differences", "explainDifference", "explainOutcome", "incidentRoot", "inputDigest"],
    ...["isIncident", "judgeSet", "lintVectors", "measureCoverage", "outcomeDigest", "percentage", "report"],
    ...[
      "reportDigest",
      "runSets",
      "runVector",
      "runVectors",
      "setKind",
      "setRoot",
      "vectorLabel",
      "vectorLeaf",
    ],
    ...["vectorRoot", "recordFoundry", "recordTransaction", "recordVector"],
  ],
  "a signer, a manifest and values that ethers encodes by the contract's types": [
    ...["deployContract", "deployTimelock", "deployVerifier", "sendThroughSafe", "sendWith", "setupHash"],
  ],
};
