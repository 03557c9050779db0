import { asked, decodedWholly, enumName, PROXY_KINDS, runningCode } from "../chain/index.js";
import type { ProxyReport } from "../watch/index.js";
import { implementationCommand } from "./commands.js";
import { outcomeOf, type Reading } from "./lane-checks.js";
import type { PageCheck } from "./model.js";

/**
 * That each proxy runs the implementation that is registered for it: the timelock itself can ask beacons and a ProxyAdmin of 4.x alone, so that
 * it takes a lane for open, schedules and executes where the slot of any other proxy was changed past it. Nothing of proxies without a baseline.
 * @throws SealpatchError as `asked` does.
 */
export async function checkBaselines(reading: Reading): Promise<PageCheck[]> {
  const registered = reading.lane.proxies.filter(
    ({ status, implementation }) => status !== "no-policy" && BigInt(implementation) !== 0n,
  );
  return Promise.all(registered.map((report) => baselineOf(reading, report)));
}

async function baselineOf(
  reading: Reading,
  { proxy, implementation, status }: ProxyReport,
): Promise<PageCheck> {
  const { provider, address, interface: abi } = reading.timelock;
  const data = abi.encodeFunctionData("policyOf", [proxy]);
  const [policy] = await asked("reading a policy", async () =>
    decodedWholly(
      abi.decodeFunctionResult("policyOf", await provider.call({ to: address, data })),
      "policyOf",
    ),
  );
  const kind = enumName(PROXY_KINDS, policy.kind);
  const running = await runningCode(provider, { proxy, kind });
  // Of an open lane, the timelock has compared the code of the registered implementation.
  const isRegistered = BigInt(running.address) === BigInt(implementation);
  const isStale = status === "baseline-stale" || status === "baseline-code-changed";
  return {
    id: "baseline",
    outcome: outcomeOf(isRegistered && !isStale),
    basis: "nodes",
    values: { proxy, kind, implementation, running: running.address, status },
    command: implementationCommand({ proxy, kind }),
  };
}
