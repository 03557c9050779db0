import { SAFE_VERSIONS } from "../../src/safe/index.js";
import { nestedSafes } from "./nested-safes.js";

nestedSafes(SAFE_VERSIONS.flatMap((outer) => SAFE_VERSIONS.map((inner) => [outer, inner] as const)));
