import { type Interface, JsonRpcProvider, ZeroAddress, zeroPadBytes } from "ethers";
import { describe, expect, it } from "vitest";
import { TimelockContract } from "../../src/chain/contract.js";
import { explainedError } from "../../src/chain/errors.js";
import { EXPLAINED } from "../../src/chain/refusals.js";

/** Errors of construction, of the slow path and of the proxies, which no call of the fast lane meets. */
const ELSEWHERE =
  /^(Bounds|SafetyCheck(Malformed|TooMany)|Policy(?!Unknown)|Baseline|Timelock|FastTrackSlow|FastTrackWithout|PatchVerifierWithout)/;
/** Of OpenZeppelin's and of the Groth16 verifiers: no caller of the fast lane can mend them. */
const OTHERS =
  /^(AccessControlBadConfirmation|AddressEmptyCode|FailedCall|FailedDeployment|InsufficientBalance|ReentrancyGuard|Create2|Errors|DevelopmentVerifier|TestVerifier)/;

const provider = new JsonRpcProvider("http://127.0.0.1:9", 1, { staticNetwork: true });
const { interface: abi } = await TimelockContract.at(`0x${"71".repeat(20)}`, provider);
provider.destroy();
const errors = abi.fragments.filter(({ type }) => type === "error") as ReturnType<Interface["getError"]>[];
const names = [...new Set(errors.map((error) => error!.name))];

/** The refusal as a caller gets it. */
function refusal(name: string, values: readonly unknown[]) {
  const data = abi.encodeErrorResult(name, values);
  const error = Object.assign(new Error("reverted"), { code: "CALL_EXCEPTION", data, reason: null });
  return explainedError(error, abi, "schedule");
}

describe("a refusal of the contracts", () => {
  it("is explained, whichever error a call of the fast lane meets", () => {
    const unexplained = names.filter((name) => !EXPLAINED.includes(name));
    expect(unexplained.filter((name) => !ELSEWHERE.test(name) && !OTHERS.test(name))).toEqual([]);
    expect(EXPLAINED.filter((name) => !names.includes(name))).toEqual([]);
    expect(names.length).toBeGreaterThan(60);
  });

  it.each(EXPLAINED)("%s: with its values, what it means, and what to do", (name) => {
    const values = abi
      .getError(name)!
      .inputs.map(({ type }) =>
        type === "address"
          ? ZeroAddress
          : type.startsWith("bytes")
            ? zeroPadBytes("0x", Number(type.slice(5)))
            : 1n,
      );
    const { code, details, why, remedy } = refusal(name, values);
    expect([code, details.error]).toEqual(["chain/reverted", name]);
    expect(why).toMatch(new RegExp(`^${name}\\(.*\\): [a-z].+[a-zA-Z0-9]$`));
    expect(remedy).not.toContain("read the state of the lane");
    expect(remedy!.length).toBeGreaterThan(10);
  });

  it("names states and times", () => {
    expect(refusal("FastTrackLaneClosed", [ZeroAddress, 1n]).why).toContain("is closed: halted");
    expect(refusal("StatementUnexpectedState", [7n, 4n, 1n]).why).toContain(
      "is vetoed, and has to be scheduled",
    );
    expect(refusal("StatementNotYetExecutable", [7n, 1_800_000_000n]).why).toContain("2027-01-15T08:00:00");
    expect(
      refusal("AccessControlUnauthorizedAccount", [`0x${"ab".repeat(20)}`, `0x${"00".repeat(32)}`]).why,
    ).toMatch(/0xab.*role/i);
  });
});
