/**
 * Whether a version is in a range as `engines` of package.json has it: alternatives of `^1.2.3` and `>=1.2.3`, of which the later
 * numbers may be left out.
 * @throws Error for a range of another form.
 */
export function isInRange(version: string, range: string): boolean {
  return range.split("||").some((part) => {
    const [, sign, bound] = /^\s*(\^|>=)\s*(\d+(?:\.\d+){0,2})\s*$/.exec(part) ?? [];
    if (bound === undefined) throw new Error(`a range of another form: ${range}`);
    const [actual, least] = [numbersOf(version), numbersOf(bound)];
    const differs = actual.findIndex((number, index) => number !== least[index]);
    if (differs >= 0 && actual[differs]! < least[differs]!) return false;
    return sign === ">=" || actual[0] === least[0];
  });
}

/** `v20.19.0` as three numbers; those that are left out are 0. */
function numbersOf(version: string): [number, number, number] {
  const [major = 0, minor = 0, patch = 0] = version.replace(/^v/, "").split(/[.+-]/).map(Number);
  return [major, minor, patch];
}
