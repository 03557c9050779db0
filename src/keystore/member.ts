import type { z } from "zod";
import { recipientOf } from "../age.js";
import { type FormName, formToJson, parseForm } from "../file-form.js";
import { lazily } from "../lazily.js";
import { ageRecipient, label } from "../schemas.js";
import { zod } from "../zod.js";
import type { CouncilKeystore } from "./keystore.js";

const memberSchema = lazily(() =>
  zod.strictObject({
    schema: zod.literal("sealpatch.council/1"),
    label: label(),
    /** Whom bundles are encrypted to: `age1...`. */
    recipient: ageRecipient(),
  }),
);

/** What others need of a member of the council. All of it is public. */
export type CouncilMember = Omit<z.output<ReturnType<typeof memberSchema>>, "schema">;

const FORM: FormName = { code: "keystore/malformed-member", what: "the public file of a council member" };

/** What others need of a member of the council. Nothing vouches for it: an age identity signs nothing. */
export async function councilMember({ label, identity }: CouncilKeystore): Promise<CouncilMember> {
  return { label, recipient: await recipientOf(identity) };
}

/** The JSON form of a member's public file. @throws SealpatchError `keystore/malformed-member`. */
export function councilMemberToJson(member: CouncilMember): z.input<ReturnType<typeof memberSchema>> {
  return formToJson(memberSchema(), { schema: "sealpatch.council/1", ...member }, FORM);
}

/**
 * Reads the public file of a member of the council (`sealpatch.council/1`).
 * @param file its JSON, or its text.
 * @throws SealpatchError `keystore/malformed-member`.
 */
export function parseCouncilMember(file: unknown): CouncilMember {
  const { schema, ...member } = parseForm(memberSchema(), file, FORM);
  return member;
}
