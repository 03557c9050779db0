import { nodeUrl } from "../../project/index.js";
import { usageError } from "../options.js";

/** The URL of a relay, as `--relay` names it. @throws SealpatchError `cli/usage`, and as `nodeUrl`. */
export function urlOfRelay(relay: string): string {
  if (relay.startsWith("env:")) return nodeUrl({ rpc: relay });
  if (/^https?:\/\//.test(relay) && URL.canParse(relay)) return relay;
  throw usageError("--relay is not the URL of a relay", "give a URL of http or https, or env:NAME");
}
