import type * as z from "zod";
import { SealpatchError } from "../errors.js";
import { lazily } from "../lazily.js";
import { zod } from "../zod.js";
import { type Layout, layoutEntry } from "./entry.js";
import { makeLayout } from "./layout.js";

const layoutFile = lazily(() =>
  zod.array(
    zod.strictObject({
      slot: zod.string().regex(/^0x[0-9a-f]{1,64}$/),
      offset: zod.int(),
      size: zod.int(),
      label: zod.string().min(1),
      type: zod.string().min(1),
      gap: zod.boolean(),
      inside: zod.string().min(1).exactOptional(),
      renamedFrom: zod.string().min(1).exactOptional(),
      retypedFrom: zod.string().min(1).exactOptional(),
    }),
  ),
);

/** A layout as it stands in files: variables in clear, from which anybody can recompute the digests. */
export type LayoutFile = z.infer<ReturnType<typeof layoutFile>>;

/** The layout as plain JSON; slots are hex. */
export function layoutToJson({ entries }: Layout): LayoutFile {
  return entries.map(({ typeDigest, labelDigest, declaration, slot, ...variable }) => ({
    ...variable,
    slot: `0x${slot.toString(16)}`,
  }));
}

/**
 * Reads a layout from a file's JSON and computes its digests anew.
 * @throws SealpatchError `layout/invalid-file`, `layout/overlap`, `layout/position-out-of-range`, `layout/invalid-size`,
 * `layout/crosses-region`.
 */
export function parseLayout(json: unknown): Layout {
  const result = layoutFile().safeParse(json);
  if (result.success) {
    return makeLayout(
      result.data.map((variable) => layoutEntry({ ...variable, slot: BigInt(variable.slot) })),
    );
  }
  const [issue] = result.error.issues;
  throw new SealpatchError("layout/invalid-file", "this is no storage layout as the tool writes it", {
    details: { problem: `${issue?.path.join(".")}: ${issue?.message}` },
    remedy: "take the layout from the policy or bundle unchanged",
  });
}
