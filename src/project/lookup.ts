import { env } from "node:process";
import { SealpatchError } from "../errors.js";
import { quoted } from "../foreign-text.js";
import { nearestName } from "../nearest-name.js";
import type { Configuration } from "./configuration.js";

/** A proxy's entry in the configuration. */
type ProxyEntry = Configuration["proxies"][string];
/** A chain's entry in the configuration. */
export type ChainEntry = Configuration["chains"][string];

/**
 * The entry of a proxy.
 * @throws SealpatchError `config/no-such-proxy`.
 */
export function proxyNamed({ proxies }: Configuration, name: string): ProxyEntry {
  if (Object.hasOwn(proxies, name)) return proxies[name]!;
  const names = Object.keys(proxies);
  const nearest = nearestName(name, names);
  throw new SealpatchError(
    "config/no-such-proxy",
    `the configuration has no proxy ${quoted(name.slice(0, 40))}`,
    {
      details: { proxy: name.slice(0, 40), nearest: nearest ?? null },
      remedy:
        nearest === undefined
          ? `it has: ${names.join(", ") || "none"}`
          : `write ${nearest}, if that is meant`,
    },
  );
}

/** The chain on which a proxy is. @throws SealpatchError `config/no-such-proxy`. */
export function chainOf(configuration: Configuration, name: string): ChainEntry {
  // That it is there, the reader of the configuration has checked.
  return configuration.chains[proxyNamed(configuration, name).chain]!;
}

/**
 * The timelock of a proxy's chain.
 * @throws SealpatchError `config/no-such-proxy`, `config/no-timelock`.
 */
export function timelockOf(configuration: Configuration, name: string): string {
  const { chain } = proxyNamed(configuration, name);
  const { timelock } = chainOf(configuration, name);
  if (timelock !== undefined) return timelock;
  throw new SealpatchError(
    "config/no-timelock",
    `the configuration does not say which timelock ${chain} has`,
    {
      details: { chain, proxy: name },
      why: "policies are set on a timelock, which calls the migrations of most proxies",
      remedy: `deploy it, then add its address as chains.${chain}.timelock`,
    },
  );
}

/** The lane's terms of a proxy, in seconds: its own, else those for all. */
export function laneOf(configuration: Configuration, name: string): Configuration["lane"] {
  const { lane } = configuration;
  const own = proxyNamed(configuration, name).lane ?? {};
  return {
    delay: own.delay ?? lane.delay,
    grace: own.grace ?? lane.grace,
    disclosure_deadline: own.disclosure_deadline ?? lane.disclosure_deadline,
  };
}

/**
 * Where the node of a chain is.
 * @param variables the environment; the process's own unless given.
 * @throws SealpatchError `config/no-node` where the variable that the configuration names holds no URL. It does not show what it
 *   holds.
 */
export function nodeUrl(chain: Pick<ChainEntry, "rpc">, variables: NodeJS.ProcessEnv = env): string {
  if (!chain.rpc.startsWith("env:")) return chain.rpc;
  const variable = chain.rpc.slice("env:".length);
  const url = variables[variable] ?? "";
  if (/^https?:\/\//.test(url) && URL.canParse(url)) return url;
  throw new SealpatchError("config/no-node", `the environment variable ${variable} does not name a node`, {
    details: { variable },
    why: url === "" ? "it is not set" : "it holds no URL of http or https",
    remedy: `set ${variable} to the URL of a node`,
  });
}

/**
 * The name of a chain of the configuration: the one that is named, or the only one.
 * @throws SealpatchError `config/no-such-chain`.
 */
export function chainNamed({ chains }: Configuration, name?: string): string {
  const names = Object.keys(chains);
  if (name !== undefined && Object.hasOwn(chains, name)) return name;
  if (name === undefined && names.length === 1) return names[0]!;
  const nearest = name === undefined ? undefined : nearestName(name, names);
  throw new SealpatchError(
    "config/no-such-chain",
    name === undefined
      ? "the configuration has several chains, or none"
      : `the configuration has no chain ${quoted(name.slice(0, 40))}`,
    {
      details: { chain: name?.slice(0, 40) ?? null, nearest: nearest ?? null },
      remedy:
        nearest === undefined
          ? `name one of: ${names.join(", ") || "none"}`
          : `write ${nearest}, if that is meant`,
    },
  );
}
