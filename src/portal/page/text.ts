import { type Sentence, value } from "./tree.js";

// Every sentence that the page can show, as functions of values, in one file: a translation is another file of this form. What stands behind
// each, docs/portal.md lists, and a test compares the two.

type Values = Readonly<Record<string, string>>;

export const TEXT = {
  // What the page is.
  title: ({ protocol }) => `Emergency patches of ${protocol}`,
  what: () =>
    "This page shows which patches are scheduled on the fast lane of a timelock before anybody may see them, what their proofs say, how long there is, and who can stop them.",
  noScript: () =>
    "Without scripts it cannot read the chain or verify a proof. These are the addresses, and the commands that check the same.",
  noScriptCommands: () => "With the npm package sealpatch and NODE, the URL of a node that you trust:",
  commandStatus: ({ release, timelock, fromBlock }) =>
    `npx sealpatch@${release} status --rpc NODE --timelock ${timelock} --from-block ${fromBlock}`,
  commandStatement: ({ release, id, timelock, fromBlock, keys }) =>
    `npx sealpatch@${release} verify ${id} --rpc NODE --timelock ${timelock} --from-block ${fromBlock}${keys}`,
  commandFile: ({ release, timelock }) =>
    `npx sealpatch@${release} verify disclosure.json --rpc NODE --timelock ${timelock}`,
  commandPage: ({ release }) => `npx sealpatch@${release} portal check portal.html`,
  footer: () =>
    "This page sends nothing but questions to the nodes that it names. It keeps your choice of nodes and of light or dark in this browser, and nothing else.",
  pageCheckLead: () =>
    "Whether this copy of the page is what the package writes, and for which protocol, chains and keys:",
  skip: () => "To the statement",
  // Chain, nodes, clock.
  chainHeading: ({ name, chainId }) => `${name}, chain ${chainId}`,
  chainLabel: () => "Chain",
  timelockLabel: () => "Timelock",
  verifierLabel: () => "Verifier",
  nodesLabel: () => "Nodes that are asked, one or two",
  themeLabel: () => "Light or dark",
  themeAuto: () => "as the system",
  themeLight: () => "light",
  themeDark: () => "dark",
  readAgain: () => "Read again",
  reading: () => "The chain is being read.",
  readFrom: ({ nodes, block, time }) => `As ${nodes} tells at block ${block} of ${time}.`,
  oneNode: ({ node }) =>
    `One node is asked, ${node}: what says “as the node tells” here is true if that node is honest. Choose a second one to compare.`,
  twoNodes: ({ nodes }) => `Two nodes gave the same answers: ${nodes}.`,
  clockApart: ({ difference }) =>
    `The chain's clock and the clock of this device differ by ${difference}. Times here go by the chain's.`,
  stale: ({ time }) => `What stands below was read at ${time}, and could not be read again since.`,
  nothingRead: () => "Nothing was read yet, so nothing is shown.",
  problemHeading: () => "The chain could not be read",
  problemUnreachable: ({ node }) => `${node} does not answer.`,
  problemMalformed: ({ node }) => `${node} answers with something that is no answer to the question.`,
  problemOtherChain: ({ node }) => `${node} is on another chain than this page is for.`,
  problemNoTimelock: ({ node }) => `${node} has no timelock of this kind at the address of this page.`,
  problemDisagree: ({ node }) =>
    `Two nodes give two answers: ${node}. At least one of them is wrong, so neither is shown as true.`,
  problemLogs: ({ node }) => `${node} does not have all events of the timelock.`,
  problemMoving: ({ node }) => `The chain of ${node} changed while it was read.`,
  problemRefused: ({ node }) => `${node} refuses a question.`,
  unknownChain: () => "The link names a chain that this page is not for.",
  unknownStatement: () => "The link names a statement that this timelock does not have.",
  // The key.
  developmentKey: () =>
    "This page is built with a development key. Its secret is published: anybody can make a proof of anything. Nothing below is proven.",
  testKey: () =>
    "This page is built with a test key, whose ceremony was not verified when the page was built. Rely on nothing below.",
  // The lane.
  laneHeading: () => "The lane",
  laneOpen: ({ proxy }) => `${proxy}: open. The council can schedule a patch.`,
  laneOpenOther: ({ proxy }) =>
    `${proxy}: open for the timelock, which does not see what the proxy runs. It was not found to run the registered implementation: the council can schedule a patch, but its proof speaks of the registered code, and what runs there decides whether it can be executed.`,
  laneHalted: ({ proxy }) => `${proxy}: closed. A guardian halted every lane; governance can end that.`,
  haltedBy: ({ guardian }) => `Halted by ${guardian}, in whose words:`,
  laneFrozen: ({ proxy }) => `${proxy}: closed. A patch that was executed is not disclosed in time.`,
  lanePending: ({ patch, executed, due, left }) =>
    `${patch} was executed at ${executed} and is not disclosed yet. That is due by ${due}, in ${left}; from then on every lane is closed until it is disclosed or governance waives it.`,
  lanePast: ({ patch, executed, due, ago }) =>
    `${patch} was executed at ${executed} and is not disclosed. That was due by ${due}, ${ago} ago; every lane is closed until it is disclosed or governance waives it.`,
  laneNoPolicy: ({ proxy }) => `${proxy}: closed. Governance set no policy for it.`,
  laneNoBaseline: ({ proxy }) => `${proxy}: closed. Governance registered no code that is live.`,
  laneStale: ({ proxy }) => `${proxy}: closed. It was upgraded or handed over since its code was registered.`,
  laneCodeChanged: ({ proxy }) =>
    `${proxy}: closed. The chain does not show the implementation and the code that are registered for it.`,
  noProxies: () => "No proxy has a lane here.",
  // Statements.
  statementsHeading: () => "Statements, the newest first",
  noStatements: () => "No patch was ever scheduled here.",
  statementHeading: ({ proxy, nonce }) => `Patch ${nonce} of ${proxy}`,
  stateScheduledWord: () => "scheduled",
  stateOpenWord: () => "window open",
  stateSupersededWord: () => "superseded",
  stateExpiredWord: () => "expired",
  stateVetoedWord: () => "vetoed",
  stateExecutedWord: () => "executed",
  stateOverdueWord: () => "disclosure overdue",
  stateDisclosedWord: () => "disclosed",
  stateNoneWord: () => "unknown",
  scheduled: ({ from, until }) => `Scheduled. It can be executed from ${from} until ${until}.`,
  windowOpen: ({ until }) => `Its window is open: it can be executed now, until ${until}.`,
  windowPast: ({ until }) => `Its window ended at ${until}: it can no longer be executed.`,
  executableIn: ({ left }) => `Earliest execution in ${left}.`,
  windowEndsIn: ({ left }) => `The window ends in ${left}.`,
  superseded: ({ at }) => `That was at ${at}. This patch can no longer be executed.`,
  expired: ({ until }) => `Expired: nobody executed it until ${until}. It can no longer be executed.`,
  vetoed: ({ guardian }) => `Vetoed by ${guardian}. It can never be executed. In the guardian's words:`,
  executed: ({ due, left }) => `Executed. The council has to disclose it by ${due}, in ${left}.`,
  executedNotDue: () => "Executed, and not disclosed. Governance waived the disclosure.",
  overdue: ({ due }) =>
    `Executed, and overdue: it should have been disclosed by ${due}. The lane of every proxy is frozen until it is disclosed or governance waives that.`,
  disclosed: () => "Executed and disclosed: anybody can verify the patch.",
  stateNone: () => "The timelock does not know this statement.",
  blockedLane: () => "It cannot be executed while the lane of its proxy is closed.",
  otherCode: () =>
    "Its proxy does not run the code that this statement is for, and the timelock does not see that. What runs there decides whether it can be executed, and the proof says nothing of it.",
  blockedGroup: () => "It cannot be executed yet: not all patches of its group were scheduled.",
  endedGroup: () =>
    "It can no longer be executed: another patch of its group was vetoed or superseded, or has expired.",
  inGroup: ({ members }) =>
    `It executes together with the other patches of its group, or not at all. Of the group, ${members} were scheduled.`,
  // In words.
  wordsHeading: () => "What the proof says",
  wordsProven: () => "The proof was verified in this browser, for the numbers of this statement. It says:",
  wordsWorthless: () => "With the key of this page, a proof that holds proves nothing.",
  wordsClaimed: () =>
    "The proof was not verified here. The timelock took a proof of this, as the node tells:",
  wordsFalse: () => "The proof does not hold. Nothing of this is proven:",
  wordsResults: ({ k, waived }) =>
    `At least ${k} registered auditors signed results, and it rests on their signatures and not on the proof that these results are true: every baseline vector passes but at most ${waived}, the live code fails every incident vector, and the patch passes every one.`,
  wordsResultsOf: ({ k, n, waived }) =>
    `At least ${k} of the ${n} registered auditors signed results, and it rests on their signatures and not on the proof that these results are true: every baseline vector passes but at most ${waived}, the live code fails every incident vector, and the patch passes every one.`,
  wordsHidden: () => "Which auditors signed stays hidden until the disclosure.",
  wordsLayout: () =>
    "The storage layout of the patch is compatible, by the rule of the proof, with the one that is registered for the proxy.",
  wordsTarget: ({ chainId, proxy, codehash }) =>
    `All of this is for chain ${chainId}, for the proxy ${proxy}, and for the code that was registered as live when it was scheduled, with the hash ${codehash}.`,
  wordsUntil: ({ until }) => `It is valid until ${until}.`,
  policyAuditors: () => "Registered auditors",
  policyVectors: () => "Baseline vectors",
  policyRoots: () =>
    "The roots of these lists were computed in this browser, and are those of the statement.",
  policyOther: () =>
    "The lists that are built into this page are not those of this statement, so they are not shown.",
  limitsHeading: () => "What the proof does not say",
  // Checks.
  checksHeading: () => "Checked here",
  checkProof: () => "Proof, against the key of this page",
  checkSignals: () => "Signals of the proof, against the event of the timelock",
  checkVerifier: () => "Verifier on chain, against the key of this page",
  checkSetup: () => "Setup hash of the verifier",
  checkKeyClass: () => "Class of the key",
  checkBaseline: () => "Registered code, against what the proxy runs",
  checkRoles: () => "Who can veto",
  checkCode: () => "Code at the proxy after the execution",
  checkCommitment: () => "Opened commitment, by Poseidon",
  checkFile: () => "Disclosure file",
  checkOther: ({ id }) => `Check “${id}”`,
  outcomeHolds: () => "holds",
  outcomeFails: () => "fails",
  outcomeUnknown: () => "not checked",
  basisHere: () => "computed in this browser",
  basisNodes: ({ nodes }) => `as ${nodes} tells`,
  howTo: () => "How to check this yourself",
  allAtOnce: () => "One command checks all of it, without this page:",
  // After the execution.
  afterHeading: () => "After the execution",
  afterExecuted: ({ time }) => `Executed at ${time}.`,
  afterCode: ({ codehash }) => `Hash of the installed code: ${codehash}`,
  afterPublished: ({ time }) => `A disclosure was published at ${time}.`,
  afterHash: ({ hash }) => `Hash of its file: ${hash}`,
  afterPlace: () => "The file is said to be at:",
  afterCommand: () => "This command verifies the file, the code and the chain:",
  fileLabel: () => "Compare a disclosure file: choose it, or drop it here. It does not leave this browser.",
  fileSame: ({ hash }) => `The file has the published hash ${hash}. The command above verifies what it says.`,
  fileOther: ({ hash }) => `The file has the hash ${hash}, which was not published for this statement.`,
  fileTooLarge: ({ most }) =>
    `The file has more than ${most} bytes, so it is not read here. The command above verifies it.`,
  fileUnreadable: () => "The file could not be read.",
  // Stop it.
  stopHeading: () => "Stop it",
  stopWho: () => "Guardians, each of whom can veto alone, as the node tells:",
  stopNobody: () => "No account has the role of a guardian: nobody can veto.",
  stopWhat: () =>
    "A veto stops this patch, and with it the patches of its group, for ever. It needs no reason and no delay.",
  stopEnded: () => "There is nothing to stop any more.",
  stopSend: ({ timelock }) =>
    `Calldata of a veto, to be sent to ${timelock} from a guardian's account. This page sends nothing.`,
  copy: () => "Copy",
  copied: () => "Copied",
  // Timeline and link.
  timelineHeading: () => "Timeline",
  timelineScheduled: ({ sender }) => `Scheduled, by a transaction of ${sender}`,
  timelineEarliest: () => "Earliest execution",
  timelineEnd: () => "End of the window",
  timelineVetoed: ({ sender }) => `Vetoed, by a transaction of ${sender}`,
  timelineExecuted: ({ sender }) => `Executed, by a transaction of ${sender}`,
  timelineDue: () => "Disclosure due",
  timelineExecutedOther: () => "Superseded: another patch of its proxy was executed.",
  timelinePolicySet: () => "Superseded: governance set the policy of its proxy.",
  timelinePolicyRemoved: () => "Superseded: governance removed the policy of its proxy.",
  timelineBaselineSet: () => "Superseded: governance registered again what its proxy runs.",
  timelineVerifierSet: () => "Superseded: governance chose another verifier.",
  timelineHalted: ({ guardian }) => `Every lane halted, by ${guardian}`,
  timelineResumed: () => "Halt ended, by governance",
  timelineUpgraded: () => "Upgrade or handover of the proxy, as the timelock saw it",
  timelineWaived: () => "Disclosure waived, by governance",
  timelineDisclosed: ({ sender }) => `Disclosed, by a transaction of ${sender}`,
  linkHeading: () => "Link to this statement",
} as const satisfies Readonly<Record<string, (values: Values) => string>>;

export type SentenceName = keyof typeof TEXT;

/** A sentence with its values, each as it may be shown. */
export function say(name: SentenceName, values: Values = {}): Sentence {
  const make: (values: Values) => string = TEXT[name];
  const shown = Object.fromEntries(Object.entries(values).map(([key, text]) => [key, value(text).text]));
  return { kind: "sentence", name, text: make(shown) };
}
