import { lazily } from "../lazily.js";
import { decimalBelow } from "../schemas.js";
import { FIELD_ORDER } from "./field.js";

/** A canonical field element in a file: a decimal string, a bigint in [0, r) once it is read. */
export const fieldElement = lazily(() => decimalBelow(FIELD_ORDER));
