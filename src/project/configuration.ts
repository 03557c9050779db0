import type { z } from "zod";
import { AUDITOR_DEPTH } from "../audit/index.js";
import { COMPARISONS, MEASURES, PROXY_KINDS } from "../chain/index.js";
import { lazily } from "../lazily.js";
import { label } from "../schemas.js";
import { VECTOR_LIMITS } from "../vectors/index.js";
import { zod } from "../zod.js";
import { account, duration, durations, name, path, rpc } from "./values.js";

const MAX_BLOCK = 2 ** 48;

/** Terms of a fast lane (`LaneTerms`), without what belongs to the proxy. */
const terms = lazily(() =>
  zod.strictObject({ delay: duration(), grace: duration(), disclosure_deadline: duration() }),
);

const check = lazily(() =>
  zod.strictObject({
    target: account(),
    data: zod.string().regex(/^0x([0-9a-fA-F]{2})*$/, "bytes as hex"),
    measure: zod.enum(MEASURES),
    comparison: zod.enum(COMPARISONS),
    expected: zod
      .string()
      .regex(/^0x[0-9a-fA-F]{64}$/, "32 bytes as hex")
      .optional(),
  }),
);

const chain = lazily(() =>
  zod.strictObject({
    id: zod.int().min(1),
    rpc: rpc(),
    /** The timelock, and the block in which it was deployed; the record of deployments has them where they are left out. */
    timelock: account().optional(),
    block: zod.int().min(0).max(MAX_BLOCK).optional(),
    roles: zod
      .strictObject({
        proposers: zod.array(account()),
        executors: zod.array(account()),
        council: zod.array(account()),
        guardians: zod.array(account()),
      })
      .optional(),
  }),
);

const proxy = lazily(() =>
  zod.strictObject({
    chain: name(),
    address: account(),
    kind: zod.enum(PROXY_KINDS),
    admin: account().optional(),
    /** The implementation that is live, `src/Vault.sol:Vault`. */
    contract: zod
      .string()
      .regex(/^.+:[A-Za-z_$][\w$]*$/, "source and contract, for example src/Vault.sol:Vault"),
    /** Where the proxy's policy lies. */
    policy: path(),
    /** Layout that the patch before this one left, where the source does not tell it (layout.md). */
    previous_layout: path().optional(),
    lane: terms().partial().optional(),
    checks: zod.array(check()).default([]),
  }),
);

/** The form of `sealpatch.toml`. */
export const configurationSchema = lazily(() =>
  zod.strictObject({
    project: zod.strictObject({
      /** The protocol's name, as the community's page shows it. */
      name: label().optional(),
      tool: zod.enum(["foundry", "hardhat"]),
      artifacts: path(),
      /** Where it is recorded what was deployed. */
      deployments: path().optional(),
    }),
    chains: zod.record(name(), chain()),
    timelock: zod.strictObject({
      min_delay: duration(),
      delay: durations(),
      grace: durations(),
      disclosure_deadline: durations(),
      max_validity: duration(),
    }),
    policy: zod.strictObject({
      auditors: zod
        .array(path())
        .min(1)
        .max(2 ** AUDITOR_DEPTH),
      threshold: zod.int().min(1),
      max_waivers: zod.int().min(0).max(VECTOR_LIMITS.baselineVectors),
      vectors: path(),
    }),
    lane: terms(),
    proxies: zod.record(name(), proxy()),
    /** Keystores of whoever works in this folder, by role. */
    keystores: zod
      .strictObject({ auditor: path().optional(), council: path().optional(), account: path().optional() })
      .optional(),
  }),
);

/** What `sealpatch.toml` says. Paths are as written there; durations are in seconds. */
export type Configuration = z.output<ReturnType<typeof configurationSchema>>;
