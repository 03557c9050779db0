/** A call with one value that may be anything, what it may not be, and the code with which it is refused. */
export type Row = readonly [
  name: string,
  call: (value: never) => unknown,
  values: readonly unknown[],
  code: string,
];

/** A row for each of some members of a value. */
export const members = <T extends object>(
  name: string,
  whole: T,
  call: (whole: T) => unknown,
  chosen: readonly (keyof T & string)[],
  values: readonly unknown[],
  code: string,
): Row[] =>
  chosen.map((member) => [
    `${name}: ${member}`,
    (value) => call({ ...whole, [member]: value }),
    values,
    code,
  ]);

// Codes that many rows share.
export const FIELD = "field/out-of-range";
export const BYTES = "field/not-bytes";
export const HASH = "field/not-a-hash";
export const ADDRESS = "code/invalid-address";
