declare module "ffjavascript" {
  /** WebAssembly instructions as bytes. */
  export type WasmCode = readonly number[];

  export interface CodeBuilder {
    setLocal(name: string, value: WasmCode): WasmCode;
    getLocal(name: string): WasmCode;
    call(functionName: string, ...args: WasmCode[]): WasmCode;
    if(condition: WasmCode, then: WasmCode, otherwise?: WasmCode): WasmCode;
    block(body: WasmCode): WasmCode;
    loop(...body: WasmCode[]): WasmCode;
    br(depth: number): WasmCode;
    br_if(depth: number, condition: WasmCode): WasmCode;
    i32_const(value: number): WasmCode;
    i32_add(a: WasmCode, b: WasmCode): WasmCode;
    i32_sub(a: WasmCode, b: WasmCode): WasmCode;
    i32_mul(a: WasmCode, b: WasmCode): WasmCode;
    i32_and(a: WasmCode, b: WasmCode): WasmCode;
    i32_shl(a: WasmCode, b: WasmCode): WasmCode;
    i32_shr_u(a: WasmCode, b: WasmCode): WasmCode;
    i32_eq(a: WasmCode, b: WasmCode): WasmCode;
    i32_eqz(a: WasmCode): WasmCode;
    i32_load(address: WasmCode, offset: number, align: number): WasmCode;
  }

  export interface FunctionBuilder {
    addParam(name: string, type: "i32"): void;
    addLocal(name: string, type: "i32"): void;
    addCode(...code: WasmCode[]): void;
    getCodeBuilder(): CodeBuilder;
  }

  export interface ModuleBuilder {
    addFunction(name: string): FunctionBuilder;
    exportFunction(name: string): void;
    /** Reserves static memory and returns its address. */
    alloc(bytes: number): number;
  }

  /** One step of a thread's task: variables are buffers in its memory, freed at the end of the task. */
  export type ThreadTask =
    | { cmd: "ALLOC"; var: number; len: number }
    | { cmd: "ALLOCSET"; var: number; buff: Uint8Array }
    | { cmd: "CALL"; fnName: string; params: ({ var: number } | { val: number })[] }
    | { cmd: "GET"; out: number; var: number; len: number };

  export interface ThreadManager {
    /** Runs a task on the next free thread. @returns what its `GET` steps read. */
    queueAction(task: ThreadTask[]): Promise<Uint8Array[]>;
    /** Number of threads. */
    readonly concurrency: number;
    readonly memory: WebAssembly.Memory;
    readonly instance: WebAssembly.Instance;
    /** The curve's WASM; kept where the curve was built with `singleThread`. */
    readonly code: Uint8Array;
    /** Views of `memory`, to be renewed after every growth; `u32[0]` points at the first free byte. */
    u8: Uint8Array;
    u32: Uint32Array;
  }

  /** A point in Montgomery form: affine (two coordinates) or Jacobian (three), told apart by the length. */
  export type Point = Uint8Array;

  /** A coordinate as integer: one in G1, a pair in G2. */
  export type Coordinate = bigint | readonly [bigint, bigint];

  export interface Field {
    readonly n8: number;
    /** Roots of unity: `w[k]` has order 2^k. */
    readonly w: readonly Uint8Array[];
    e(value: bigint | number): Uint8Array;
    fromRng(rng: ChaCha): Uint8Array;
    toObject(element: Uint8Array): bigint;
    mul(a: Uint8Array, b: Uint8Array): Uint8Array;
    neg(a: Uint8Array): Uint8Array;
    /** Transforms of lists of elements in Montgomery form. */
    fft(values: Uint8Array): Promise<Uint8Array>;
    ifft(values: Uint8Array): Promise<Uint8Array>;
    /** The i-th element times first * factor^i. */
    batchApplyKey(values: Uint8Array, first: Uint8Array, factor: Uint8Array): Promise<Uint8Array>;
  }

  export interface Group {
    readonly F: { readonly n8: number };
    readonly g: Point;
    readonly zero: Point;
    add(a: Point, b: Point): Point;
    neg(a: Point): Point;
    double(a: Point): Point;
    eq(a: Point, b: Point): boolean;
    isZero(a: Point): boolean;
    /** Whether the point is zero or on the curve; does not look at the subgroup. */
    isValid(a: Point): boolean;
    timesScalar(a: Point, scalar: bigint): Point;
    /** Times an element of Fr in Montgomery form. */
    timesFr(a: Point, scalar: Uint8Array): Point;
    /** Sum of affine points times plain scalars, on all threads. */
    multiExpAffine(points: Uint8Array, scalars: Uint8Array): Promise<Point>;
    toAffine(a: Point): Point;
    fromObject(coordinates: readonly Coordinate[]): Point;
    toObject(a: Point): Coordinate[];
    fromRng(rng: ChaCha): Point;
    /** Big-endian coordinates, the form that transcripts hash. */
    toUncompressed(a: Point): Uint8Array;
    /** Writes the affine Montgomery form, the one of key files. */
    toRprLEM(target: Uint8Array, offset: number, a: Point): void;
  }

  export interface Curve {
    readonly name: string;
    readonly q: bigint;
    readonly r: bigint;
    readonly Fr: Field;
    readonly G1: Group;
    readonly G2: Group;
    readonly Gt: { toObject(element: Uint8Array): bigint[][][] };
    readonly tm: ThreadManager;
    pairing(a: Point, b: Point): Uint8Array;
    /** Ends the worker threads; there are none where the curve was built with `singleThread`. */
    terminate(): Promise<void>;
  }

  export function buildBn128(
    singleThread?: boolean,
    plugin?: (module: ModuleBuilder) => void,
  ): Promise<Curve>;

  export class ChaCha {
    constructor(seed: readonly number[]);
  }
}
