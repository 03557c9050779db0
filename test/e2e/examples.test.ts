import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

// That they run is shown by the drill, whose steps they are.
it.each(["seal", "audit", "prove", "fast-track", "reveal"])(
  "scripts/%s.ts is below 60 lines, over the public SDK alone",
  (name) => {
    const source = readFileSync(`scripts/${name}.ts`, "utf8");
    expect(source.split("\n").length).toBeLessThan(60);
    const imports = [...source.matchAll(/from "([^"]+)"/g)].map(([, path]) => path);
    expect(imports).toContain("../src/index.js");
    for (const path of imports) expect(["../src/index.js", "ethers"]).toContain(path);
    expect(readFileSync("scripts/index.ts", "utf8")).toContain(`from "./${name}.js"`);
  },
);
