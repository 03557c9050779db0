import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import {
  concat,
  getAddress,
  getBytes,
  getCreateAddress,
  JsonRpcProvider,
  toBeHex,
  zeroPadValue,
} from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { create2Address, deployCode, MAX_CODE_BYTES, parseArtifact } from "../../src/code/index.js";
import { pointEvaluations } from "../vectors/point-evaluations.js";
import { compileContracts, withArguments } from "./contracts.js";

const ADDRESS = "0x00000000000000000000000000000000000A11cE".toLowerCase();
const creationCode = (name: string) => parseArtifact(compileContracts(), name).creationCode;
const failure = (code: string, details: object = {}) =>
  expect.objectContaining({ code, details: expect.objectContaining(details) });

/** Init code that returns `length` bytes of runtime code whose first byte is `first`. */
function returning(length: number, first = 0): Uint8Array {
  const push3 = (value: number) => [0x62, (value >> 16) & 255, (value >> 8) & 255, value & 255];
  return Uint8Array.from([0x60, first, 0x5f, 0x53, ...push3(length), 0x5f, 0xf3]); // MSTORE8(0, first); RETURN(0, length)
}

describe("deployCode", () => {
  it("T05: fills in immutables as the constructor sets them at the given address", async () => {
    const { immutableReferences, runtimeTemplate, creationCode } = parseArtifact(
      compileContracts(),
      "Immutables",
    );
    const initCode = withArguments(creationCode, ["uint256"], [123_456n]);
    const code = await deployCode({ initCode, address: ADDRESS });
    const expected = runtimeTemplate.slice();
    const [self, limit] = Object.keys(immutableReferences).sort((a, b) => Number(a) - Number(b));
    for (const { start } of immutableReferences[self!]!) {
      expected.set(getBytes(zeroPadValue(ADDRESS, 32)), start);
    }
    for (const { start } of immutableReferences[limit!]!)
      expected.set(getBytes(toBeHex(123_456n, 32)), start);
    expect(code).toEqual(expected);
    expect(code).not.toEqual(runtimeTemplate);
  });

  it("runs a constructor that evaluates points: the precompile of EIP-4844", async () => {
    const right = pointEvaluations()[0]!.input;
    for (const [input, holds] of [
      [right, 1],
      [right.slice(0, -2), 0],
    ] as const) {
      // Copies the input from behind itself, asks 0x0a, and leaves whether that succeeded.
      const initCode = getBytes(concat(["0x60c060165f3960405f60c05f600a5afa5f5360015ff3", input]));
      expect(await deployCode({ initCode, address: ADDRESS })).toEqual(Uint8Array.of(holds));
    }
  });

  it("gives the constructor its deployer and chain id", async () => {
    const deployer = getAddress("0x00000000000000000000000000000000000b0b00");
    const initCode = creationCode("Deployer");
    const code = await deployCode({ initCode, address: ADDRESS, deployer });
    expect(Buffer.from(code).includes(Buffer.from(getBytes(deployer)))).toBe(true);
    const chain = await deployCode({
      initCode: creationCode("ChainBound"),
      address: ADDRESS,
      chainId: 0xabcdefn,
    });
    expect(Buffer.from(chain).includes(Buffer.from("abcdef", "hex"))).toBe(true);
  });

  it("refuses code that the options do not fix, and says what to give", async () => {
    const run = (name: string) => deployCode({ initCode: creationCode(name), address: ADDRESS });
    await expect(run("ChainBound")).rejects.toThrow(failure("code/depends-on-environment"));
    await expect(run("Deployer")).rejects.toThrow(failure("code/depends-on-environment"));
    await expect(
      deployCode({
        initCode: creationCode("Timestamped"),
        address: ADDRESS,
        chainId: 1n,
        deployer: "0x00000000000000000000000000000000000b0b00",
      }),
    ).rejects.toThrow(failure("code/depends-on-environment", { notGiven: "" }));
  });

  it("accepts a constructor that uses the block without writing it into the code", async () => {
    const { creationCode, runtimeTemplate } = parseArtifact(compileContracts(), "Recorded");
    expect(await deployCode({ initCode: creationCode, address: ADDRESS })).toEqual(runtimeTemplate);
  });

  it("lets a constructor create contracts of its own at their proper addresses", async () => {
    const code = await deployCode({ initCode: creationCode("Factory"), address: ADDRESS });
    // The first contract that a contract creates has nonce 1 (EIP-161): keccak(rlp([address, 1])).
    const child = getBytes(getCreateAddress({ from: ADDRESS, nonce: 1 }));
    expect(Buffer.from(code).includes(Buffer.from(child))).toBe(true);
  });

  it("reports why a constructor reverted", async () => {
    const run = (name: string, initCode = creationCode(name)) => deployCode({ initCode, address: ADDRESS });
    const zero = withArguments(creationCode("Immutables"), ["uint256"], [0n]);
    await expect(run("Immutables", zero)).rejects.toThrow(
      failure("code/constructor-reverted", { reason: "limit is zero" }),
    );
    await expect(run("Panics")).rejects.toThrow(
      failure("code/constructor-reverted", { reason: "panic 0x12" }),
    );
    await expect(run("Refuses")).rejects.toThrow(
      failure("code/constructor-reverted", { reason: expect.stringMatching(/^custom error 0x[0-9a-f]{8}$/) }),
    );
    await expect(run("External")).rejects.toThrow(
      failure("code/constructor-reverted", { reason: "no reason given" }),
    );
    await expect(run("Immutables")).rejects.toThrow(failure("code/constructor-reverted")); // no arguments
    await expect(run("Invalid")).rejects.toThrow(failure("code/constructor-failed"));
  });

  it("sends value to the constructor, which has to accept it", async () => {
    const initCode = withArguments(creationCode("Immutables"), ["uint256"], [1n]);
    expect((await deployCode({ initCode, address: ADDRESS, value: 5n })).length).toBeGreaterThan(0);
    await expect(
      deployCode({ initCode: creationCode("Recorded"), address: ADDRESS, value: 5n }),
    ).rejects.toThrow(failure("code/constructor-reverted"));
  });

  it("applies EIP-170, EIP-3541 and EIP-3860", async () => {
    const run = (initCode: Uint8Array) => deployCode({ initCode, address: ADDRESS });
    expect(await run(returning(MAX_CODE_BYTES))).toHaveLength(MAX_CODE_BYTES);
    await expect(run(returning(MAX_CODE_BYTES + 1))).rejects.toThrow(
      failure("code/too-large", { bytes: MAX_CODE_BYTES + 1 }),
    );
    await expect(run(returning(2, 0xef))).rejects.toThrow(failure("code/reserved-first-byte"));
    await expect(run(returning(0))).rejects.toThrow(failure("code/empty"));
    const padded = (length: number) => Uint8Array.of(...returning(1), ...new Uint8Array(length - 10));
    expect(await run(padded(49_152))).toHaveLength(1);
    await expect(run(padded(49_153))).rejects.toThrow(failure("code/init-code-too-large"));
  });

  it("follows the hardfork that it is given", async () => {
    // Osaka added CLZ (EIP-7939): MSTORE8(0, clz(1)); RETURN(0, 1).
    const initCode = Uint8Array.from([0x60, 1, 0x1e, 0x5f, 0x53, 0x60, 1, 0x5f, 0xf3]);
    expect(await deployCode({ initCode, address: ADDRESS })).toEqual(Uint8Array.of(255));
    await expect(deployCode({ initCode, address: ADDRESS, hardfork: "prague" })).rejects.toThrow(
      failure("code/constructor-failed"),
    );
  });

  it("refuses an address that is none", async () => {
    const initCode = returning(1);
    await expect(deployCode({ initCode, address: "0x12" })).rejects.toThrow(failure("code/invalid-address"));
    await expect(deployCode({ initCode, address: ADDRESS, deployer: "0x12" })).rejects.toThrow(
      failure("code/invalid-address"),
    );
  });
});

describe("create2Address", () => {
  it("matches the examples of EIP-1014", () => {
    const examples = [
      ["0x0000000000000000000000000000000000000000", "0x00", "0x4D1A2e2bB4F88F0250f26Ffff098B0b30B26BF38"],
      ["0xdeadbeef00000000000000000000000000000000", "0x00", "0xB928f69Bb1D91Cd65274e3c79d8986362984fDA3"],
      [
        "0x0000000000000000000000000000000000000000",
        "0xdeadbeef",
        "0x70f2b2914A2a4b783FaEFb75f459A580616Fcb5e",
      ],
    ] as const;
    for (const [deployer, initCode, address] of examples) {
      expect(create2Address({ deployer, deploySalt: toBeHex(0, 32), initCode: getBytes(initCode) })).toBe(
        address,
      );
    }
    expect(
      create2Address({
        deployer: "0x00000000000000000000000000000000deadbeef",
        deploySalt: toBeHex(0xcafebaben, 32),
        initCode: getBytes("0xdeadbeef"),
      }),
    ).toBe("0x60f3f640a8508fC6a86d45DF051962668E1e8AC7");
  });

  it("refuses what is no address or no salt of 32 bytes, and does not repeat the salt", () => {
    const zero = `0x${"00".repeat(20)}`;
    const [salt, code] = [toBeHex(7n, 32), getBytes("0x00")];
    expect(() => create2Address({ deployer: "nowhere", deploySalt: salt, initCode: code })).toThrowError(
      failure("code/invalid-address"),
    );
    for (const wrong of ["7", "0x07", salt.slice(2), `${salt}00`]) {
      expect(() => create2Address({ deployer: zero, deploySalt: wrong, initCode: code })).toThrowError(
        expect.objectContaining({
          code: "code/invalid-deploy-salt",
          message: expect.not.stringContaining("7"),
          details: {},
        }),
      );
    }
  });
});

describe("against a node", () => {
  let anvil: ChildProcess;
  let provider: JsonRpcProvider;

  beforeAll(async () => {
    const binary = createRequire(import.meta.url).resolve("@foundry-rs/anvil/bin.mjs");
    anvil = spawn(process.execPath, [binary, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
    const port = await new Promise<string>((resolve, reject) => {
      let text = "";
      anvil.stdout!.on("data", (chunk) => {
        text += chunk;
        const listening = /Listening on 127\.0\.0\.1:(\d+)/.exec(text);
        if (listening) resolve(listening[1]!);
      });
      anvil.on("exit", () => reject(new Error(`anvil stopped: ${text}`)));
    });
    provider = new JsonRpcProvider(`http://127.0.0.1:${port}`, undefined, { staticNetwork: true });
  });

  afterAll(() => {
    provider.destroy();
    anvil.kill();
  });

  it("T05: computes address and code of a CREATE2 deployment before it happens", async () => {
    const deployer = "0x4e59b44847b379578588920cA78FbF26c0B4956C"; // the deterministic deployment proxy
    const initCode = withArguments(creationCode("Immutables"), ["uint256"], [77n]);
    const address = create2Address({ deployer, deploySalt: toBeHex(9n, 32), initCode });
    const predicted = await deployCode({ initCode, address, deployer, chainId: 31337n });
    const signer = await provider.getSigner(0);
    const data = toBeHex(9n, 32) + Buffer.from(initCode).toString("hex");
    await (await signer.sendTransaction({ to: deployer, data })).wait();
    expect(getBytes(await provider.getCode(address))).toEqual(predicted);
  });
});
