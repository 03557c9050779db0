import type { Signer, TransactionRequest } from "ethers";
import { describe, expect, it } from "vitest";
import { sendWith } from "../../src/chain/index.js";

/** A signer whose node says that a transaction takes `gas`, and what it was given to send. */
function signer(gas: bigint) {
  const sent: TransactionRequest[] = [];
  const hash = `0x${"11".repeat(32)}`;
  const fake = {
    estimateGas: async () => gas,
    sendTransaction: async (transaction: TransactionRequest) => {
      sent.push(transaction);
      return { hash, wait: async () => ({ status: 1, gasUsed: gas }) };
    },
  };
  return { sent, send: sendWith(fake as unknown as Signer) };
}

describe("the gas of a transaction", () => {
  it("is refused above what a transaction may have, before it is sent", async () => {
    const { sent, send } = signer(16_777_217n);
    await expect(send({ data: "0x" })).rejects.toMatchObject({
      code: "chain/too-much-gas",
      details: { gas: 16_777_217n, maximum: 16_777_216n },
    });
    expect(sent).toEqual([]);
  });

  it("is what the node says, up to the most", async () => {
    const { sent, send } = signer(16_777_216n);
    const { gasUsed } = await send({ data: "0x" });
    expect(gasUsed).toBe(16_777_216n);
    expect(sent).toEqual([{ data: "0x", gasLimit: 16_777_216n }]);
  });
});
