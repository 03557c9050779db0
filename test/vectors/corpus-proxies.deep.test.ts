import { DEPLOYMENTS, describeDeployments } from "./deployments.js";

// The usual kind of proxy is in corpus.deep.test.ts.
describeDeployments(DEPLOYMENTS.others);
