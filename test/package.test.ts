import { readFileSync } from "node:fs";
import { subset } from "semver";
import { describe, expect, it } from "vitest";

interface Manifest {
  readonly engines?: { readonly node?: string };
  readonly dev?: boolean;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const own = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
  packages: Readonly<Record<string, Manifest>>;
};
const installed = Object.entries(packages).filter(([path, { dev }]) => path !== "" && dev !== true);

describe("package.json", () => {
  it("engines admits no Node that a dependency does not take", () => {
    const range = own.engines!.node!;
    const refusing = installed
      .filter(([, { engines }]) => engines?.node !== undefined && !subset(range, engines.node))
      .map(([path, { engines }]) => `${path}: ${engines!.node}`);
    expect(installed.length).toBeGreaterThan(100);
    expect(refusing).toEqual([]);
  });

  it("engines admits the oldest Node that they all take", () => {
    const takes = (version: string) =>
      installed.every(([, { engines }]) => engines?.node === undefined || subset(version, engines.node));
    const [oldest] = ["18.20.0", "20.0.0", "20.18.0", "20.19.0", "22.0.0"].filter(takes);
    expect(oldest).toBe("20.19.0");
    expect(subset(oldest!, own.engines!.node!)).toBe(true);
  });

  it("versions are exact", () => {
    const versions = Object.entries({ ...own.dependencies, ...own.devDependencies });
    const loose = versions.filter(([, version]) => !/^(npm:.+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
    expect(versions.length).toBeGreaterThan(50);
    expect(loose).toEqual([]);
  });
});
