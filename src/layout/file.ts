import type * as z from "zod";
import { parseForm } from "../file-form.js";
import { lazily } from "../lazily.js";
import { zod } from "../zod.js";
import { type Layout, layoutEntry } from "./entry.js";
import { makeLayout } from "./layout.js";

const slotText = lazily(() => zod.string().regex(/^0x[0-9a-f]{1,64}$/));

const layoutFile = lazily(() =>
  zod.array(
    zod.strictObject({
      slot: slotText(),
      offset: zod.int(),
      size: zod.int(),
      label: zod.string().min(1),
      type: zod.string().min(1),
      gap: zod.boolean(),
      inside: zod.string().min(1).exactOptional(),
      contract: zod.string().min(1).exactOptional(),
      codeSlot: slotText().exactOptional(),
      renamedFrom: zod.string().min(1).exactOptional(),
      retypedFrom: zod.string().min(1).exactOptional(),
    }),
  ),
);

/** A layout as it stands in files: variables in clear, from which anybody can recompute the digests. */
export type LayoutFile = z.infer<ReturnType<typeof layoutFile>>;

/** The layout as plain JSON; slots are hex. */
export function layoutToJson({ entries }: Layout): LayoutFile {
  return entries.map(({ typeDigest, labelDigest, declaration, slot, codeSlot, ...variable }) => ({
    ...variable,
    slot: slotToText(slot),
    ...(codeSlot === undefined ? {} : { codeSlot: slotToText(codeSlot) }),
  }));
}

/**
 * Reads a layout and computes its digests anew.
 * @param file its JSON, or its text.
 * @throws SealpatchError `layout/invalid-file`, `layout/overlap`, `layout/position-out-of-range`, `layout/invalid-size`,
 * `layout/crosses-region`.
 */
export function parseLayout(file: unknown): Layout {
  const form = { code: "layout/invalid-file", what: "a storage layout as it stands in files" } as const;
  const variables = parseForm(layoutFile(), file, form);
  return makeLayout(
    variables.map(({ slot, codeSlot, ...variable }) =>
      layoutEntry({
        ...variable,
        slot: BigInt(slot),
        ...(codeSlot === undefined ? {} : { codeSlot: BigInt(codeSlot) }),
      }),
    ),
  );
}

function slotToText(slot: bigint): string {
  return `0x${slot.toString(16)}`;
}
