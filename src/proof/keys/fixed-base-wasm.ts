import type { CodeBuilder, ModuleBuilder, WasmCode } from "ffjavascript";

/**
 * Adds to ffjavascript's curve module, for G1 (`g1m`) and G2 (`g2m`), what multiplies one fixed point by many scalars:
 *
 * - `_fixedBaseTable(base, rows, table)`: table[d] = d * base in Jacobian form, for d = 0 .. rows-1.
 * - `_fixedBaseMultiply(table, windowBits, windows, scalars, count, inverses, points)`: points[i] = scalars[i] * G.
 *
 * A scalar is read as digits of `windowBits` bits; row j of the table holds d * 2^(j * windowBits) * G (Brickell et al.,
 * "Fast Exponentiation with Precomputation", 1992). All points take the step of one window together, so that one field
 * inversion serves the whole batch (Montgomery, "Speeding the Pollard and Elliptic Curve Methods", 1987).
 *
 * Scalars are plain integers below r. The sum of the digits so far is then below the next digit's multiple, and the
 * total below r: no addition meets equal or opposite points, so the affine formula needs no special case.
 */
export function addFixedBaseFunctions(module: ModuleBuilder): void {
  addGroup(module, "g1m", "f1m", 32);
  addGroup(module, "g2m", "f2m", 64);
}

function addGroup(module: ModuleBuilder, group: string, field: string, coordinateBytes: number): void {
  addTable(module, group, coordinateBytes);
  addMultiply(module, group, field, coordinateBytes);
}

function addTable(module: ModuleBuilder, group: string, coordinateBytes: number): void {
  const name = `${group}_fixedBaseTable`;
  const fn = module.addFunction(name);
  for (const param of ["base", "rows", "table"]) fn.addParam(param, "i32");
  for (const local of ["row", "entry"]) fn.addLocal(local, "i32");
  const c = fn.getCodeBuilder();
  const next = c.i32_add(c.getLocal("entry"), c.i32_const(3 * coordinateBytes));
  fn.addCode(
    c.call(`${group}_zero`, c.getLocal("table")),
    c.setLocal("entry", c.getLocal("table")),
    c.setLocal("row", c.i32_const(1)),
    loopUntil(c, c.i32_eq(c.getLocal("row"), c.getLocal("rows")), [
      c.call(`${group}_addMixed`, c.getLocal("entry"), c.getLocal("base"), next),
      c.setLocal("entry", next),
      increase(c, "row", 1),
    ]),
  );
  module.exportFunction(name);
}

function addMultiply(module: ModuleBuilder, group: string, field: string, coordinateBytes: number): void {
  const name = `${group}_fixedBaseMultiply`;
  const pointBytes = 2 * coordinateBytes;
  const fn = module.addFunction(name);
  for (const param of ["table", "windowBits", "windows", "scalars", "count", "inverses", "points"]) {
    fn.addParam(param, "i32");
  }
  for (const local of ["index", "window", "digit", "scalar", "inverse", "point", "entry"]) {
    fn.addLocal(local, "i32");
  }
  const c = fn.getCodeBuilder();
  const get = (local: string) => c.getLocal(local);
  const number = (value: number) => c.i32_const(value);
  const difference = number(module.alloc(coordinateBytes));
  const slope = number(module.alloc(coordinateBytes));
  const x = number(module.alloc(coordinateBytes));
  const pointY = c.i32_add(get("point"), number(coordinateBytes));
  const entryY = c.i32_add(get("entry"), number(coordinateBytes));

  const forEachPoint = (...body: WasmCode[]): WasmCode => [
    ...c.setLocal("index", number(0)),
    ...c.setLocal("scalar", get("scalars")),
    ...c.setLocal("inverse", get("inverses")),
    ...c.setLocal("point", get("points")),
    ...loopUntil(c, c.i32_eq(get("index"), get("count")), [
      ...body,
      increase(c, "index", 1),
      increase(c, "scalar", 32),
      increase(c, "inverse", coordinateBytes),
      increase(c, "point", pointBytes),
    ]),
  ];

  const firstBit = c.i32_mul(get("window"), get("windowBits"));
  const word = c.i32_load(c.i32_add(get("scalar"), c.i32_shr_u(firstBit, number(3))), 0, 0);
  const mask = c.i32_sub(c.i32_shl(number(1), get("windowBits")), number(1));
  const row = c.i32_add(c.i32_shl(get("window"), get("windowBits")), get("digit"));
  const findEntry: WasmCode = [
    ...c.setLocal("digit", c.i32_and(c.i32_shr_u(word, c.i32_and(firstBit, number(7))), mask)),
    ...c.setLocal("entry", c.i32_add(get("table"), c.i32_mul(row, number(pointBytes)))),
  ];
  // slope = (entry.y - point.y) / (entry.x - point.x); x = slope^2 - point.x - entry.x; y = slope * (point.x - x) - point.y
  const addEntry: WasmCode = [
    ...c.call(`${field}_sub`, entryY, pointY, difference),
    ...c.call(`${field}_mul`, difference, get("inverse"), slope),
    ...c.call(`${field}_square`, slope, x),
    ...c.call(`${field}_sub`, x, get("point"), x),
    ...c.call(`${field}_sub`, x, get("entry"), x),
    ...c.call(`${field}_sub`, get("point"), x, difference),
    ...c.call(`${field}_mul`, difference, slope, difference),
    ...c.call(`${field}_sub`, difference, pointY, pointY),
    ...c.call(`${field}_copy`, x, get("point")),
  ];

  fn.addCode(
    forEachPoint(c.call(`${group}_zeroAffine`, get("point"))),
    c.setLocal("window", number(0)),
    loopUntil(c, c.i32_eq(get("window"), get("windows")), [
      forEachPoint(
        findEntry,
        c.if(
          c.i32_eqz(get("digit")),
          c.call(`${field}_zero`, get("inverse")),
          c.call(`${field}_sub`, get("entry"), get("point"), get("inverse")),
        ),
      ),
      c.call(
        `${field}_batchInverse`,
        get("inverses"),
        number(coordinateBytes),
        get("count"),
        get("inverses"),
        number(coordinateBytes),
      ),
      forEachPoint(
        findEntry,
        c.if(
          get("digit"),
          c.if(
            c.call(`${group}_isZeroAffine`, get("point")),
            c.call(`${group}_copyAffine`, get("entry"), get("point")),
            addEntry,
          ),
        ),
      ),
      increase(c, "window", 1),
    ]),
  );
  module.exportFunction(name);
}

function loopUntil(c: CodeBuilder, done: WasmCode, body: readonly WasmCode[]): WasmCode {
  return c.block(c.loop(c.br_if(1, done), ...body, c.br(0)));
}

function increase(c: CodeBuilder, local: string, by: number): WasmCode {
  return c.setLocal(local, c.i32_add(c.getLocal(local), c.i32_const(by)));
}
