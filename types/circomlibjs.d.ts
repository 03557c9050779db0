declare module "circomlibjs" {
  /** Element of the scalar field in Montgomery form, as ffjavascript's WASM field holds it. */
  export type FieldElement = Uint8Array;

  export interface WasmField {
    e(value: bigint | number | string): FieldElement;
    toObject(element: FieldElement): bigint;
    eq(a: FieldElement, b: FieldElement): boolean;
  }

  export interface Poseidon {
    (inputs: readonly (bigint | FieldElement)[]): FieldElement;
    F: WasmField;
  }

  export type Point = [FieldElement, FieldElement];

  export interface BabyJub {
    F: WasmField;
    Base8: Point;
    order: bigint;
    subOrder: bigint;
    inCurve(point: Point): boolean;
    inSubgroup(point: Point): boolean;
    mulPointEscalar(point: Point, scalar: bigint): Point;
    addPoint(a: Point, b: Point): Point;
  }

  export interface Eddsa {
    F: WasmField;
    babyJub: BabyJub;
    prv2pub(privateKey: Uint8Array): Point;
    signPoseidon(privateKey: Uint8Array, message: FieldElement): { R8: Point; S: bigint };
    verifyPoseidon(message: FieldElement, signature: { R8: Point; S: bigint }, publicKey: Point): boolean;
  }

  export function buildPoseidon(): Promise<Poseidon>;
  export function buildEddsa(): Promise<Eddsa>;
  export function buildBabyjub(): Promise<BabyJub>;
}
