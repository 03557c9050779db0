import { buildWithProgress } from "./progress.js";

await buildWithProgress();
