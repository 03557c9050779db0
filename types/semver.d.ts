declare module "semver" {
  /** Whether every version in `range` is in `other`. */
  export function subset(range: string, other: string): boolean;
}
