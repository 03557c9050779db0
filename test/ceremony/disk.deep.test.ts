import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { getuid } from "node:process";
import { beforeAll, describe, expect, it } from "vitest";
import { contribute, receiveContribution } from "../../src/ceremony/index.js";
import { scratchFolder } from "../proof/circuit.js";
import { expectRefusal } from "./forged.js";
import { runStep, type StepEnd } from "./steps.js";
import { contentOf, holdTinyCeremony, type TinyCeremony } from "./tiny-ceremony.js";

const home = await scratchFolder();
let ceremony: TinyCeremony;
beforeAll(async () => {
  ceremony = await holdTinyCeremony(join(home, "held"));
});

/** Runs commands of a shell where disks can be mounted: in a namespace of their own. */
const IN_NAMESPACE = "unshare --map-root-user --mount bash";
const mayMount =
  spawnSync("bash", ["-c", `${IN_NAMESPACE} -c "mount -t tmpfs tmpfs '${home}'"`]).status === 0;

describe("a disk that is full", () => {
  it("is told by the system's code; what is whole stays, and the same command ends it", async () => {
    // The key of the smaller circuit has 4 KB and fits; that of the other has 12 KB and does not.
    const folder = await ceremony.copy(join(home, "limited"), [0]);
    const before = await contentOf(folder);
    const shell = (program: string) => ["bash", "-c", `ulimit -f 8; exec ${program}`] as const;
    const args = ["contribute", folder, ceremony.powersOfTau];
    const { error } = await runStep(args, { shell });
    expect(error).toMatchObject({ code: "ceremony/folder-unwritable", details: { cause: "EFBIG" } });
    const { "0001/multiplier.zkey": kept, ...rest } = await contentOf(folder);
    expect(rest).toEqual({ ...before, "0001": "no file" });
    const { attestation } = await contribute(folder, { name: "West" });
    expect(attestation.circuits.multiplier!.made).toBe(kept);
    await receiveContribution(await ceremony.copy(join(home, "receiving"), 0), [join(folder, "0001")]);
  });

  it("leaves nothing where not even the first file fits", async () => {
    const folder = await ceremony.copy(join(home, "tight"), [0]);
    const before = await contentOf(folder);
    // Blocks of 1024 bytes: the lock fits, and the key does not.
    const shell = (program: string) => ["bash", "-c", `ulimit -f 1; exec ${program}`] as const;
    const { error } = await runStep(["contribute", folder, ceremony.powersOfTau], { shell });
    expect(error).toMatchObject({ code: "ceremony/folder-unwritable", details: { cause: "EFBIG" } });
    expect(await contentOf(folder)).toEqual(before);
  });

  it.runIf(mayMount)(
    "is refused before anything is written where it shows, and told where it does not",
    async () => {
      const disk = join(home, "disk");
      await mkdir(disk);
      const source = await ceremony.copy(join(home, "source"), [0]);
      /** A step on a disk of so many KB, 28 of which are the ceremony's already; names of the files afterwards. */
      const onDisk = async (size: number): Promise<StepEnd & { readonly files: string }> => {
        const [script, listing] = [join(home, `script-${size}`), join(home, `files-${size}`)];
        const shell = (program: string) => {
          writeFileSync(
            script,
            `mount -t tmpfs -o size=${size}k tmpfs '${disk}' && cp -r '${source}' '${disk}/c' && ${program}
            cd '${disk}/c' && find . -type f | sort > '${listing}'`,
          );
          return ["bash", "-c", `${IN_NAMESPACE} '${script}'`] as const;
        };
        const end = await runStep(["contribute", join(disk, "c"), ceremony.powersOfTau], { shell });
        return { ...end, files: await readFile(listing, "utf8") };
      };
      const none = "./0000/guarded.zkey\n./0000/multiplier.zkey\n./ceremony.json\n";
      const shown = await onDisk(32);
      expect(shown.error).toMatchObject({ code: "ceremony/no-room", details: { what: "disk" } });
      expect(shown.files).toBe(none);
      // Room for what was there before once more, and not for what a contribution adds.
      const hidden = await onDisk(44);
      expect(hidden.error).toMatchObject({
        code: "ceremony/folder-unwritable",
        details: { cause: "ENOSPC" },
      });
      expect(hidden.files).toBe(none.replace("./ceremony", "./0001/multiplier.zkey\n./ceremony"));
      expect((await onDisk(4096)).error).toBeUndefined();
      expect(await readdir(disk)).toEqual([]);
    },
  );
});

describe("a folder that nobody may write to", () => {
  // The superuser writes everywhere: for him a file stands where the step's folder goes.
  it.runIf(getuid?.() !== 0)("is refused, and left as it is", async () => {
    const folder = await ceremony.copy(join(home, "read-only"), [0]);
    await chmod(folder, 0o555);
    const refusal = { code: "ceremony/folder-unwritable", details: { cause: "EACCES" } };
    await expectRefusal(folder, refusal, () => contribute(folder, { name: "West" }));
    await chmod(folder, 0o755);
  });

  it("is refused where the step's own folder cannot be made", async () => {
    const folder = await ceremony.copy(join(home, "blocked"), 0);
    await writeFile(join(folder, "0001"), "no folder");
    const refusal = { code: "ceremony/folder-unwritable" };
    await expectRefusal(folder, refusal, () => contribute(folder, { name: "West" }));
    await expectRefusal(folder, refusal, () => receiveContribution(folder, [join(ceremony.folder, "0001")]));
  });
});
