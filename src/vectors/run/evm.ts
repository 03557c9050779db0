/**
 * The EVM and the state that it runs on, loaded when the first vector runs: who only reads or compares vectors does not
 * wait for them.
 */
export async function loadEvm() {
  const [{ SequenceMachine }, { SequenceState }] = await Promise.all([
    import("./machine.js"),
    import("./state.js"),
  ]);
  return { SequenceMachine, SequenceState };
}
