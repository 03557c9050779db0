import { AUDITOR_DEPTH, AuditorSet, attestationToJson, parseAttestation } from "../audit/index.js";
import { fieldElement } from "../field/index.js";
import { layoutToJson, parseLayout } from "../layout/index.js";
import { lazily } from "../lazily.js";
import { parseVectorSet, vectorSetToJson } from "../vectors/index.js";
import { zod } from "../zod.js";

/** One file form inside another: as JSON, never as a text within the text. */
export function inside<T>(parse: (json: unknown) => T, toJson: (value: T) => object) {
  return lazily(() =>
    zod.codec(
      zod.custom<object>((json) => typeof json === "object" && json !== null),
      zod.custom<T>(),
      { decode: (json) => parse(json), encode: (value) => toJson(value) },
    ),
  );
}

export const layout = inside(parseLayout, layoutToJson);
export const vectorSet = inside(parseVectorSet, vectorSetToJson);
export const attestation = inside(parseAttestation, attestationToJson);

/** Auditors by their public keys, in the order of registration, which the root depends on. */
export const auditorSet = lazily(() =>
  zod.codec(
    zod
      .array(zod.tuple([fieldElement(), fieldElement()]))
      .min(1)
      .max(2 ** AUDITOR_DEPTH),
    zod.custom<AuditorSet>(),
    {
      decode: (keys) => new AuditorSet(keys),
      encode: ({ publicKeys }) => publicKeys.map(([x, y]): [bigint, bigint] => [x, y]),
    },
  ),
);
