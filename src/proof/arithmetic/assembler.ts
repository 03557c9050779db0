/*
 * A small assembler for WebAssembly (core specification 2.0, binary format; threads proposal for shared memory): functions are written
 * as nested lists of bytes, so that code which is the same for every limb is a loop of TypeScript.
 */

/** Instructions in the binary format. */
export type Code = readonly (number | Code)[];

export type ValueType = "i32" | "i64" | "v128";

const TYPE_BYTES: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e, v128: 0x7b };
const EMPTY_BLOCK = 0x40;
const END = 0x0b;

/** A parameter or local variable of a function. */
export class Local {
  readonly get: Code;
  readonly #index: number;

  constructor(index: number) {
    this.#index = index;
    this.get = [0x20, unsigned(index)];
  }

  set(value: Code): Code {
    return [value, 0x21, unsigned(this.#index)];
  }
}

/** An i32 variable of the instance: each thread has its own. */
export interface Global {
  readonly get: Code;
  set(value: Code): Code;
}

export interface WasmFunction {
  readonly name: string;
  call(...args: readonly Operand[]): Code;
}

/** What an i32 instruction takes: code, a local, or a constant. */
export type Operand = Code | Local | number;

/** A list of `N` entries; of any length where `N` is not known. */
export type Tuple<T, N extends number, Found extends T[] = []> = number extends N
  ? T[]
  : Found["length"] extends N
    ? Found
    : Tuple<T, N, [...Found, T]>;

/** Where the body of a function gets its variables. */
export interface Body<Params extends readonly unknown[] = readonly unknown[]> {
  readonly params: { readonly [Index in keyof Params]: Local };
  /** The function itself, to call again. */
  readonly self: WasmFunction;
  local(type: ValueType): Local;
  locals<N extends number>(type: ValueType, count: N): Tuple<Local, N>;
}

interface FunctionEntry {
  readonly name: string;
  readonly params: readonly ValueType[];
  readonly result: ValueType | undefined;
  readonly locals: ValueType[];
  code: Code;
}

export interface MemoryLimits {
  readonly shared: boolean;
  readonly initialPages: number;
  /** At most 65,536: 4 GB. */
  readonly maximumPages: number;
}

/** A module under construction: its memory is imported as `env.memory`, every function is exported. */
export class WasmModule {
  readonly #functions: FunctionEntry[] = [];
  #globals = 0;

  /** Adds a function; those that it calls come before it. */
  function<const Params extends readonly ValueType[]>(
    name: string,
    params: Params,
    body: (body: Body<Params>) => Code,
    result?: ValueType,
  ): WasmFunction {
    const entry: FunctionEntry = { name, params, result, locals: [], code: [] };
    const index = this.#functions.length;
    this.#functions.push(entry);
    const local = (type: ValueType) => {
      entry.locals.push(type);
      return new Local(params.length + entry.locals.length - 1);
    };
    const self: WasmFunction = { name, call: (...args) => [args.map(i32Code), 0x10, unsigned(index)] };
    entry.code = body({
      params: params.map((_, position) => new Local(position)) as Body<Params>["params"],
      self,
      local,
      locals: (type, count) => times(count, () => local(type)),
    });
    return self;
  }

  /** Adds an i32 variable that begins as zero. */
  global(): Global {
    const index = this.#globals++;
    return { get: [0x23, unsigned(index)], set: (value) => [value, 0x24, unsigned(index)] };
  }

  /** The module's bytes. */
  build({ shared, initialPages, maximumPages }: MemoryLimits): Uint8Array<ArrayBuffer> {
    const functions = this.#functions;
    const types = functions.map(
      ({ params, result }): Code => [
        0x60,
        vector(params.map((type) => [TYPE_BYTES[type]])),
        vector(result === undefined ? [] : [[TYPE_BYTES[result]]]),
      ],
    );
    const memory: Code = [shared ? 3 : 1, unsigned(initialPages), unsigned(maximumPages)];
    const globals = Array.from({ length: this.#globals }, (): Code => [TYPE_BYTES.i32, 1, 0x41, 0, END]);
    const bodies = functions.map(({ locals, code }) =>
      sized([vector(locals.map((type) => [1, TYPE_BYTES[type]])), code, END]),
    );
    return Uint8Array.from(
      flatten([
        [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
        section(1, types),
        section(2, [[text("env"), text("memory"), 2, memory]]),
        section(
          3,
          functions.map((_, index) => unsigned(index)),
        ),
        section(6, globals),
        section(
          7,
          functions.map(({ name }, index): Code => [text(name), 0, unsigned(index)]),
        ),
        section(10, bodies),
      ]),
    );
  }
}

/** So many values. */
export function times<T, N extends number>(count: N, make: (index: number) => T): Tuple<T, N> {
  return Array.from({ length: count }, (_, index) => make(index)) as Tuple<T, N>;
}

/** Types of so many addresses and counts. */
export const i32s = <N extends number>(count: N): Tuple<"i32", N> => times(count, () => "i32" as const);

function section(id: number, entries: readonly Code[]): Code {
  return [id, sized(vector(entries))];
}

function vector(entries: readonly Code[]): Code {
  return [unsigned(entries.length), entries];
}

function sized(code: Code): Code {
  const bytes = flatten(code);
  return [unsigned(bytes.length), bytes];
}

function text(value: string): Code {
  return sized([...new TextEncoder().encode(value)]);
}

function flatten(code: Code, bytes: number[] = []): number[] {
  for (const part of code) {
    if (typeof part === "number") bytes.push(part);
    else flatten(part, bytes);
  }
  return bytes;
}

/** LEB128. */
function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest % 128) | (rest >= 128 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return bytes;
}

function signed(value: bigint): Code {
  const bytes: number[] = [];
  for (let rest = value; ; ) {
    const byte = Number(rest & 127n);
    rest >>= 7n;
    const last = (rest === 0n && byte < 64) || (rest === -1n && byte >= 64);
    bytes.push(last ? byte : byte | 128);
    if (last) return bytes;
  }
}

function i32Code(operand: Operand): Code {
  if (operand instanceof Local) return operand.get;
  return typeof operand === "number" ? [0x41, signed(BigInt(operand | 0))] : operand;
}

type Unary = (a: Operand) => Code;
type Binary = (a: Operand, b: Operand) => Code;

const binary =
  (opcode: number): Binary =>
  (a, b) => [i32Code(a), i32Code(b), opcode];

const loads =
  (opcode: Code, align: number) =>
  (address: Operand, offset = 0): Code => [i32Code(address), opcode, align, unsigned(offset)];

const stores =
  (opcode: Code, align: number) =>
  (address: Operand, value: Operand, offset = 0): Code => [
    i32Code(address),
    i32Code(value),
    opcode,
    align,
    unsigned(offset),
  ];

/** 32-bit integers and addresses. */
export const i32 = {
  constant: (value: number): Code => i32Code(value),
  load: loads([0x28], 2),
  load16: loads([0x2f], 1),
  store: stores([0x36], 2),
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  /** Without sign. */
  div: binary(0x6e),
  rem: binary(0x70),
  and: binary(0x71),
  or: binary(0x72),
  shl: binary(0x74),
  shiftRight: binary(0x76),
  shiftRightSigned: binary(0x75),
  equal: binary(0x46),
  less: binary(0x49),
  isZero: ((a) => [i32Code(a), 0x45]) satisfies Unary,
  /** The low half of an i64. */
  wrap: (a: Code): Code => [a, 0xa7],
  /** `a` where the condition is not zero, else `b`. */
  select: (a: Operand, b: Operand, condition: Operand): Code => [
    i32Code(a),
    i32Code(b),
    i32Code(condition),
    0x1b,
  ],
} as const;

const binary64 =
  (opcode: number) =>
  (a: Code, b: Code): Code => [a, b, opcode];

/** 64-bit integers. */
export const i64 = {
  constant: (value: bigint): Code => [0x42, signed(BigInt.asIntN(64, value))],
  load: loads([0x29], 3),
  /** 32 bits, without sign. */
  load32: loads([0x35], 2),
  store: (address: Operand, value: Code, offset = 0): Code => [
    i32Code(address),
    value,
    0x37,
    3,
    unsigned(offset),
  ],
  /** The low 32 bits. */
  store32: (address: Operand, value: Code, offset = 0): Code => [
    i32Code(address),
    value,
    0x3e,
    2,
    unsigned(offset),
  ],
  add: binary64(0x7c),
  sub: binary64(0x7d),
  mul: binary64(0x7e),
  and: binary64(0x83),
  /** Arithmetic. */
  shiftRightSigned: binary64(0x87),
  shiftRight: binary64(0x88),
} as const;

const simd = (opcode: number): Code => [0xfd, unsigned(opcode)];

const vectors =
  (opcode: number) =>
  (a: Code, b: Code): Code => [a, b, simd(opcode)];

const shifts =
  (opcode: number) =>
  (a: Code, bits: number): Code => [a, i32Code(bits), simd(opcode)];

/** Four lanes of 32 bits, or two of 64. */
export const v128 = {
  load: loads(simd(0), 0),
  /** One word in all four lanes. */
  loadSplat: loads(simd(9), 2),
  store: (address: Operand, value: Code, offset = 0): Code => [
    i32Code(address),
    value,
    simd(11),
    0,
    unsigned(offset),
  ],
  /** `into` with a word of memory in one of its lanes. */
  loadLane: (address: Operand, into: Code, lane: number, offset = 0): Code => [
    i32Code(address),
    into,
    simd(0x56),
    2,
    unsigned(offset),
    lane,
  ],
  storeLane: (address: Operand, from: Code, lane: number, offset = 0): Code => [
    i32Code(address),
    from,
    simd(0x5a),
    2,
    unsigned(offset),
    lane,
  ],
  /** The same word in all lanes. */
  splat: (word: number): Code => [
    simd(12),
    Array.from({ length: 16 }, (_, index) => (word >>> (8 * (index % 4))) & 255),
  ],
  words: (words: readonly number[]): Code => [
    simd(12),
    words.flatMap((word) => [0, 8, 16, 24].map((shift) => (word >>> shift) & 255)),
  ],
  /** Lanes 0 to 3 of `a` and 4 to 7 of `b`. */
  shuffle: (a: Code, b: Code, lanes: readonly number[]): Code => [
    a,
    b,
    simd(13),
    lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)),
  ],
  and: vectors(0x4e),
  or: vectors(0x50),
  andNot: vectors(0x4f),
  not: (a: Code): Code => [a, simd(0x4d)],
  /** Bits of `a` where the mask is one, of `b` elsewhere. */
  select: (a: Code, b: Code, mask: Code): Code => [a, b, mask, simd(0x52)],
  /** i32: whether any bit is set. */
  any: (a: Code): Code => [a, simd(0x53)],
  /** A lane as an i32. */
  lane: (a: Code, lane: number): Code => [a, simd(0x1b), lane],
  add: vectors(0xae),
  sub: vectors(0xb1),
  mul: vectors(0xb5),
  equal: vectors(0x37),
  greater: vectors(0x3b),
  shiftLeft: shifts(0xab),
  shiftRightSigned: shifts(0xac),
  shiftRight: shifts(0xad),
  add64: vectors(0xce),
  shiftRight64: shifts(0xcd),
  /** Products of 64 bits of the lower or upper two lanes, without sign. */
  multiplyLow: vectors(0xde),
  multiplyHigh: vectors(0xdf),
} as const;

/** Runs `body` where the condition is not zero. */
export function when(condition: Operand, body: Code, otherwise?: Code): Code {
  const rest: Code = otherwise === undefined ? [] : [0x05, otherwise];
  return [i32Code(condition), 0x04, EMPTY_BLOCK, body, rest, END];
}

/** Runs `body` as long as the condition, looked at before each round, is not zero. */
export function loopWhile(condition: Operand, body: Code): Code {
  return [0x03, EMPTY_BLOCK, when(condition, [body, 0x0c, 1]), END];
}

/** Runs `body` for `index` = 0, 1, ... below `count`. */
export function repeat(index: Local, count: Operand, body: Code): Code {
  return [index.set(i32.constant(0)), loopWhile(i32.less(index, count), [body, increase(index, 1)])];
}

export function increase(local: Local, by: Operand): Code {
  return local.set(i32.add(local, by));
}
