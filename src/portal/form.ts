import type { z } from "zod";
import { SealpatchError } from "../errors.js";
import { type FormName, parseForm } from "../file-form.js";
import { lazily } from "../lazily.js";
import { verifyingElementsSchema } from "../proof/keys/index.js";
import { word } from "../schemas.js";
import { zod } from "../zod.js";
import { DATA_ELEMENT } from "./html.js";
import type { PortalData } from "./model.js";

const FORM: FormName = { code: "portal/not-a-page", what: "the data of a page" };

const decimal = lazily(() => zod.string().regex(/^(0|[1-9][0-9]{0,77})$/));
const account = lazily(() => zod.string().regex(/^0x[0-9a-fA-F]{40}$/));
const node = lazily(() => zod.string().refine((text) => URL.canParse(text)));

const dataSchema = lazily(() =>
  zod.strictObject({
    schema: zod.literal("sealpatch.portal/1"),
    release: zod.string(),
    protocol: zod.string(),
    chains: zod
      .array(
        zod.strictObject({
          name: zod.string(),
          chainId: decimal(),
          timelock: account(),
          fromBlock: zod.int().min(0),
          nodes: zod.array(node()).min(1),
          proxies: zod.record(zod.string(), account()),
        }),
      )
      .min(1),
    key: zod.strictObject({
      setupHash: word(),
      keyClass: zod.enum(["development", "test", "production"]),
      attest: verifyingElementsSchema(),
      codehashes: zod.record(zod.string(), word()),
      holes: zod.record(zod.string(), zod.array(zod.tuple([zod.int().min(0), zod.int().min(0)]))).optional(),
    }),
    policies: zod.array(
      zod.strictObject({
        proxies: zod.array(zod.strictObject({ chain: zod.string(), proxy: account() })),
        threshold: zod.int(),
        maxWaivers: zod.int(),
        auditors: zod.array(
          zod.strictObject({ label: zod.string(), publicKey: zod.tuple([decimal(), decimal()]) }),
        ),
        vectors: zod.array(zod.strictObject({ label: zod.string(), leaf: decimal() })),
      }),
    ),
    limits: zod.array(zod.string()),
  }),
);

/**
 * What is built into a page, by its file.
 * @throws SealpatchError `portal/not-a-page` where the file is none of this form.
 */
export function dataOfPage(html: string): PortalData {
  const [, text] = html.split(DATA_ELEMENT.begin);
  const end = text?.indexOf(DATA_ELEMENT.end) ?? -1;
  if (text === undefined || end < 0)
    throw new SealpatchError("portal/not-a-page", "the file is no page of this package", {
      why: "it has no data of one",
      remedy: "give a file that `sealpatch portal build` wrote",
    });
  const data: z.output<ReturnType<typeof dataSchema>> = parseForm(dataSchema(), text.slice(0, end), FORM);
  const { holes, ...key } = data.key;
  return { ...data, key: { ...key, ...(holes === undefined ? {} : { holes }) } };
}
