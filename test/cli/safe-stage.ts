import { readFileSync } from "node:fs";
import { id } from "ethers";
import { type DrillSafe, deploySafes } from "../../src/drill/safe.js";
import { newAccount, type TestAccount } from "../lane/lane-project.js";
import { type ReplayedLane, replayedLane } from "../lane/replayed-lane.js";
import { put } from "../project/projects.js";

/** A proven incident whose council and guardian are Safes. */
export interface SafeStage {
  readonly lane: ReplayedLane;
  readonly council: DrillSafe;
  readonly guardian: DrillSafe;
  /** Keystores of the council's owners. */
  readonly owners: readonly TestAccount[];
  stop(): Promise<void>;
}

/** Deploys a council of 3 of 5 and a guardian of 2 of 3, gives them the roles by the slow path, and names them in the configuration. */
export async function safeStage(folder: string): Promise<SafeStage> {
  const lane = await replayedLane(folder);
  const { incident } = lane;
  const relay = await incident.provider.getSigner(lane.accounts.stranger.address);
  const [council, guardian] = (await deploySafes(relay, [
    { owners: 5, threshold: 3 },
    { owners: 3, threshold: 2 },
  ])) as [DrillSafe, DrillSafe];
  const { timelock } = incident;
  const grant = (role: string, account: string) => ({
    target: timelock.address,
    data: timelock.interface.encodeFunctionData("grantRole", [id(role), account]),
  });
  await incident.govern(grant("COUNCIL_ROLE", council.address), grant("GUARDIAN_ROLE", guardian.address));
  const configure = () => {
    const text = readFileSync(lane.at("sealpatch.toml"), "utf8")
      .replace(`council = ["${lane.accounts.council.address}"]`, `council = ["${council.address}"]`)
      .replace(`guardians = ["${lane.accounts.guardian.address}"]`, `guardians = ["${guardian.address}"]`);
    put(folder, { "sealpatch.toml": text });
  };
  configure();
  const owners = await Promise.all(
    [...council.owners, ...guardian.owners].map((owner, index) =>
      newAccount(folder, `owner-${index}`, owner.privateKey),
    ),
  );
  return { lane, council, guardian, owners, stop: () => lane.stop() };
}
