declare module "semver" {
  /** Whether every version in `range` is in `other`. */
  export function subset(range: string, other: string): boolean;
  /** Whether a version is in `range`. */
  export function satisfies(version: string, range: string): boolean;
}
