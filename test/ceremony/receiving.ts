import { cp } from "node:fs/promises";
import { join } from "node:path";
import { receiveContribution } from "../../src/ceremony/index.js";
import { scratchFolder } from "../proof/circuit.js";
import { attest, expectRefusal, type Refusal } from "./forged.js";
import { holdTinyCeremony, stepName } from "./tiny-ceremony.js";

/** A whole ceremony, and what a coordinator who has the first two contributions is offered as the third one. */
export async function receiving() {
  const home = await scratchFolder();
  let made = 0;
  /** A folder that is not there. */
  const fresh = () => join(home, `folder-${made++}`);
  const ceremony = await holdTinyCeremony(join(home, "held"));
  const keyAt = (index: number, circuit: string) => join(ceremony.folder, stepName(index), `${circuit}.zkey`);

  /** @param of the coordinator's folder; one in which North and South have contributed unless given. */
  async function refused(offer: string, refusal: Refusal, of?: string) {
    const folder = of ?? (await ceremony.copy(fresh(), 2));
    return expectRefusal(folder, refusal, () => receiveContribution(folder, [offer]));
  }

  /** East's step, with something else in the place of some of its files. */
  async function offered(change: (offer: string) => Promise<unknown>): Promise<string> {
    const offer = fresh();
    await cp(join(ceremony.folder, "0003"), offer, { recursive: true });
    await change(offer);
    return offer;
  }

  /** East's step with another key of one circuit, and an attestation that says of it what is so. */
  const withKey = (make: (target: string) => Promise<unknown>, circuit = "multiplier") =>
    offered(async (offer) => {
      await make(join(offer, `${circuit}.zkey`));
      await attest(await ceremony.copy(fresh(), 2), { index: 3, name: "East", at: offer });
    });

  return { home, fresh, ceremony, keyAt, refused, offered, withKey };
}
