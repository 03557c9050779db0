// Preloaded into a process to learn its peak memory: writes the resident set's maximum, in bytes, as the process ends.
const { writeFileSync } = require("node:fs");

process.on("exit", () => {
  writeFileSync(process.env.SEALPATCH_PEAK_FILE, String(process.resourceUsage().maxRSS * 1024));
});
