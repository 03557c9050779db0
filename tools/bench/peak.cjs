// Preloaded into a process to learn what it took: as it ends, writes the maximum of its resident set in bytes, and the microseconds of
// all its threads.
const { writeFileSync } = require("node:fs");

process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  writeFileSync(process.env.SEALPATCH_PEAK_FILE, `${maxRSS * 1024} ${userCPUTime + systemCPUTime}`);
});
