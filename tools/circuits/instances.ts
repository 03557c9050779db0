/** Small instances of the product's templates, which only tests use. */
export const INSTANCES = {
  "attest-small": "test/circuits/instances/attest-small.circom",
  "bind-small": "test/circuits/instances/bind-small.circom",
  "list-sponge": "test/circuits/instances/list-sponge.circom",
  "layout-small": "test/circuits/instances/layout-small.circom",
} as const;
export type InstanceName = keyof typeof INSTANCES;
