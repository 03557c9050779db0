import { addSignature } from "../../safe/index.js";
import { readInputText } from "../input-file.js";
import { type FolderOptions, withFolder } from "./place.js";
import { printAdded } from "./sign.js";

/** `safe add`. */
export async function add(
  path: string,
  signature: string,
  options: FolderOptions & { readonly for?: string },
): Promise<void> {
  // A file is not called as hex begins.
  const text = /^0x/i.test(signature) ? signature : await readInputText(signature);
  await withFolder(path, options, async (place) => {
    const { folder, provider } = place;
    const { owner } = await addSignature(folder, text, { for: options.for, provider });
    await printAdded(place, owner, text.trim(), options.json);
  });
}
