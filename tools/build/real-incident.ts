import { randomBytes } from "node:crypto";
import {
  dataSlice,
  getAddress,
  getCreateAddress,
  hexlify,
  JsonRpcProvider,
  keccak256,
  ZeroAddress,
} from "ethers";
import { corpusCase } from "../../corpus/CVE-2021-39168/case.js";
import { deployCase, recordScenarios, type Scenario, startAnvil } from "../../src/drill/index.js";
import {
  AuditorSet,
  attest,
  type CodeUnderTest,
  canonicalLayout,
  codeDigest,
  compileContract,
  deployTimelock,
  deployVerifier,
  disclosureText,
  layoutRoot,
  NO_GROUP,
  newAuditorKey,
  newBundle,
  type PatchPolicy,
  PROXY_SLOTS,
  proveAttest,
  proveBind,
  rebuildPatch,
  reviewPatch,
  SOLC_VERSION,
  shownOpening,
  type Target,
  targetLeaf,
  toSolidityProof,
  type VectorSet,
  vectorRoot,
  verifyAttest,
  verifyBind,
} from "../../src/index.js";
import type { Compilation } from "../../src/solc/index.js";

const CONTRACT = "CouncilTimelock.sol:CouncilTimelock";
const DAY = 86_400;
const BOUNDS = {
  minDelay: 3_600,
  maxDelay: 7 * DAY,
  minGrace: 3_600,
  maxGrace: 14 * DAY,
  minDisclosureDeadline: DAY,
  maxDisclosureDeadline: 30 * DAY,
  maxValidity: 365 * DAY,
};
const VALIDITY = BigInt(300 * DAY);
/** Nonce of the proxy after the registration: setPolicy and setBaseline are one step each. */
const NONCE = 2n;
/** The second target of the statement: the same addresses on another chain, a local one: the verifiers refuse on others. */
const OTHER_CHAIN = 1_337n;
const NO_VECTORS: VectorSet = { schema: "sealpatch.vectors/1", codes: {}, vectors: [] };

/**
 * An incident of CVE-2021-39168 behind a transparent proxy, from the live vulnerable code to both proofs: everything that
 * it takes to go on with it on an empty chain of id 31337, where the recorded deployments lead to the same addresses.
 * Auditors, salt and proofs are fresh.
 *
 * The patch is in it in clear, with its salt: it was published in 2021.
 */
export async function realIncident() {
  const anvil = await startAnvil();
  const provider = new JsonRpcProvider(anvil.url, undefined, { cacheTimeout: -1, pollingInterval: 20 });
  try {
    const [deployer, governance, council, guardian, executor] = (await provider.listAccounts()).slice(-5);
    const timelock = await deployTimelock(deployer!, {
      minDelay: 7 * DAY,
      roles: {
        proposers: [governance!.address],
        executors: [executor!.address],
        council: [council!.address],
        guardians: [guardian!.address],
        admin: ZeroAddress,
      },
      verifier: await (await deployVerifier(deployer!)).getAddress(),
      bounds: BOUNDS,
    }).then((contract) => contract.getAddress());
    const deployed = await deployCase(provider, corpusCase, "transparent", {
      proxyOwner: timelock.toLowerCase() as `0x${string}`,
    });
    const { context, current } = deployed;
    const proxy = getAddress(context.subject);
    const admin = getAddress(dataSlice(await provider.getStorage(proxy, PROXY_SLOTS.admin), 12));
    const record = (scenarios: readonly Scenario[], codes: readonly [CodeUnderTest, ...CodeUnderTest[]]) =>
      recordScenarios(anvil.url, context, scenarios, codes);

    const { vulnerable, fixed } = await corpusCase.compile();
    const sourceOf = ({ input }: Compilation) => ({
      contract: CONTRACT,
      compiler: { version: SOLC_VERSION, input },
    });
    const oldLayout = canonicalLayout(await compileContract(vulnerable.input, CONTRACT));
    const auditors = Array.from({ length: 5 }, newAuditorKey);
    const policy: PatchPolicy = {
      auditors: new AuditorSet(auditors.map(({ publicKey }) => publicKey)),
      threshold: 3,
      baseline: await record(corpusCase.baseline(context), [current]),
      maxWaivers: 0,
      layoutRoot: layoutRoot(oldLayout),
      migrationCaller: admin,
    };

    const parts = {
      ...sourceOf(fixed),
      current: sourceOf(vulnerable),
      libraries: {},
      constructorArguments: new Uint8Array(0),
      deployer: timelock,
      deploySalt: hexlify(randomBytes(32)),
      migration: new Uint8Array(0),
      migrationGas: 0n,
      migrationCaller: admin,
    };
    const live = { currentCode: current };
    const { code } = await rebuildPatch(await newBundle({ ...parts, incidents: NO_VECTORS }, live));
    const incidents = await record(corpusCase.incidents(context), [code, current]);
    const bundle = await newBundle({ ...parts, incidents }, live);

    const validUntil = context.timestamp + VALIDITY;
    const codehash = keccak256(current.code);
    const targets = [31_337n, OTHER_CHAIN].map(
      (chainId): Target => ({
        chainId,
        timelock,
        proxy,
        codehash,
        nonce: NONCE,
        validUntil,
        group: NO_GROUP,
      }),
    );
    const review = await reviewPatch({ bundle, policy, currentCode: current, targets });
    const attestations = auditors
      .slice(0, policy.threshold)
      .map(({ privateKey }) => attest(privateKey, review.statement));
    const bound = await proveBind(review);
    const attested = await proveAttest(review, attestations);
    if (!(await verifyBind(bound)) || !(await verifyAttest(attested)))
      throw new Error("a proof does not verify");

    const [creation, attack] = corpusCase.exploit(context);
    return {
      timestamp: context.timestamp,
      validUntil,
      nonce: NONCE,
      timelock,
      proxy,
      admin,
      council: council!.address,
      executor: executor!.address,
      funds: corpusCase.funds,
      current: {
        account: current.address,
        code: hexlify(current.code),
        codeDigest: codeDigest(current.code),
      },
      policy: {
        auditorRoot: policy.auditors.root,
        threshold: policy.threshold,
        vectorRoot: vectorRoot(policy.baseline),
        maxWaivers: policy.maxWaivers,
      },
      layoutRoot: policy.layoutRoot,
      targets: targets.map((target) => ({
        chainId: target.chainId,
        leaf: targetLeaf(target),
        path: review.targets.path(target),
      })),
      attest: { signals: Object.values(attested.statement), proof: toSolidityProof(attested.proof) },
      bind: { signals: Object.values(bound.statement), proof: toSolidityProof(bound.proof) },
      opening: shownOpening(review.patch.opening),
      patch: {
        initCode: hexlify(review.patch.initCode),
        deploySalt: bundle.deploySalt,
        migration: hexlify(bundle.migration),
        migrationGas: bundle.migrationGas,
        account: code.address,
        code: hexlify(code.code),
        /** Where the same code stands besides, deployed by somebody else. */
        copy: deployed.patch.address,
      },
      exploit: { attacker: creation!.from, creation: creation!.data, attack: attack!.data },
      deployments: await deploymentsOn(provider),
      /** Text of the file that discloses it. */
      disclosure: disclosureText({
        ...{ bundle, targets, attestations, currentImplementation: current.address },
        ...{ baseline: policy.baseline, auditors: policy.auditors },
      }),
    };
  } finally {
    provider.destroy();
    await anvil.stop();
  }
}

/** Every contract that a transaction created, in order. */
async function deploymentsOn(provider: JsonRpcProvider) {
  const last = await provider.getBlockNumber();
  const deployments = [];
  for (let number = 1; number <= last; number++) {
    const block = await provider.getBlock(number, true);
    for (const { from, nonce, to, data } of block!.prefetchedTransactions) {
      if (to !== null) continue;
      const account = getCreateAddress({ from, nonce });
      deployments.push({ creator: from, nonce, account, initCode: data });
    }
  }
  return deployments;
}
