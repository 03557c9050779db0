import { copyFile } from "node:fs/promises";
import type { Group } from "ffjavascript";
import { singleThreadCurve } from "../../../src/proof/curve/index.js";
import { pointBytes } from "../../../src/proof/keys/transcript.js";
import { ZKEY_SECTIONS } from "../../../src/proof/keys/zkey-format.js";
import {
  contributeWith,
  inPlace,
  type KeySeries,
  pointsOf,
  readSections,
  rewriteKey,
  timesAll,
} from "./key-files.js";
import { strayPoint } from "./stray-point.js";

const { G1, G2, Fr, r } = await singleThreadCurve();
const { header, ic, a, b1, b2, c, h, coefficients, contributions, protocol } = ZKEY_SECTIONS;

/** A key that is not one: what is wrong, and who sees it. */
export interface FalseKey {
  readonly name: string;
  /** Section that `checkKey` names; undefined where only the chain of contributions is wrong. */
  readonly section: string | undefined;
  /** Section that `checkSuccessor` names against the third person's key, or the code of the chain's error. */
  readonly successor: string;
  /** Where snarkjs' verification says true, or a computation with @noble/curves of the same equations: why. */
  readonly silent?: { readonly snarkjs?: string; readonly noble?: string };
  make(series: KeySeries, target: string): Promise<string>;
}

const SECTIONS = [
  ["A", a, G1],
  ["B in G1", b1, G1],
  ["B in G2", b2, G2],
  ["IC", ic, G1],
  ["C", c, G1],
  ["H", h, G1],
] as const;

/** First and last point of a section that are not zero. */
function ends(section: Buffer, group: Group): [Buffer, Buffer] {
  const size = 2 * group.F.n8;
  const points = pointsOf(section, group);
  const used = points.flatMap((point, i) => (group.isZero(point) ? [] : [i]));
  const at = (index: number) => section.subarray(index * size, (index + 1) * size);
  return [at(used[0]!), at(used.findLast((i) => !at(i).equals(at(used[0]!)))!)];
}

const last = ({ keys }: KeySeries) => keys[4]!;
const changed =
  (id: number, change: (section: Buffer) => Uint8Array) => (series: KeySeries, target: string) =>
    rewriteKey(last(series), target, { [id]: change });

const IN_SECTIONS: readonly FalseKey[] = SECTIONS.flatMap(([name, id, group]) => {
  const section = name === "IC" || name === "C" ? "IC and C" : name;
  return [
    {
      name: `${name}: a point and the generator in its place`,
      section,
      successor: name,
      make: changed(
        id,
        inPlace((content) => {
          const [first] = ends(content, group);
          first.set(pointBytes(group, group.add(new Uint8Array(first), group.g)));
        }),
      ),
    },
    {
      name: `${name}: two points swapped`,
      section,
      successor: name,
      make: changed(
        id,
        inPlace((content) => {
          const [first, second] = ends(content, group);
          const kept = Buffer.from(first);
          first.set(second);
          second.set(kept);
        }),
      ),
    },
  ];
});

/** One of the third person's sections in the last key. */
const kept =
  (id: number, part: (section: Buffer) => Buffer = (section) => section) =>
  async ({ keys }: KeySeries, target: string) => {
    const before = (await readSections(keys[3]!)).get(id)!;
    return rewriteKey(keys[4]!, target, {
      [id]: inPlace((section) => part(section).set(part(before))),
    });
  };

const delta = (section: Buffer) => section.subarray(-192);

export const FALSE_KEYS: readonly FalseKey[] = [
  ...IN_SECTIONS,
  { name: "C of the key before", section: "IC and C", successor: "C", make: kept(c) },
  { name: "H of the key before", section: "H", successor: "H", make: kept(h) },
  {
    name: "C for another delta",
    section: "IC and C",
    successor: "C",
    make: changed(c, (section) => timesAll(section, 2n)),
  },
  {
    name: "H for another delta",
    section: "H",
    successor: "H",
    make: changed(h, (section) => timesAll(section, 2n)),
  },
  {
    name: "all of C zero",
    section: "IC and C",
    successor: "C",
    make: changed(c, (section) => section.fill(0)),
  },
  {
    name: "all of H zero",
    section: "H",
    successor: "H",
    make: changed(h, (section) => section.fill(0)),
  },
  {
    name: "H with what no proof sees added",
    section: "H",
    successor: "H",
    silent: { snarkjs: "it leaves the highest power out" },
    make: changed(h, (section) => {
      const points = pointsOf(section, G1);
      const root = Fr.toObject(Fr.w[Math.log2(points.length)]!);
      let scalar = 1n;
      return Buffer.concat(
        points.map((point) => {
          const sum = G1.add(G1.timesScalar(G1.g, scalar), point);
          scalar = (scalar * root) % r;
          return pointBytes(G1, sum);
        }),
      );
    }),
  },
  {
    name: "delta in G1 of the key before",
    section: "header",
    successor: "header",
    make: kept(header, (section) => section.subarray(-192, -128)),
  },
  {
    name: "delta in G2 of the key before",
    section: "header",
    successor: "header",
    make: kept(header, (section) => section.subarray(-128)),
  },
  { name: "delta of the key before", section: "header", successor: "header", make: kept(header, delta) },
  {
    name: "delta, C and H of the key before",
    section: "header",
    successor: "header",
    make: async ({ keys }, target) => {
      const section = (await readSections(keys[4]!)).get(contributions)!;
      return rewriteKey(keys[3]!, target, { [contributions]: () => section });
    },
  },
  {
    name: "a zero delta",
    section: "header",
    successor: "header",
    make: changed(
      header,
      inPlace((section) => delta(section).fill(0)),
    ),
  },
  {
    name: "delta in G2 outside the subgroup",
    section: "header",
    successor: "header",
    make: changed(
      header,
      inPlace((section) => {
        const point = section.subarray(-128);
        point.set(pointBytes(G2, G2.add(new Uint8Array(point), strayPoint())));
      }),
    ),
  },
  {
    name: "another alpha, beta or gamma",
    section: "header",
    successor: "header",
    make: changed(
      header,
      inPlace((section) => section.set(pointBytes(G1, G1.g), 84)),
    ),
  },
  {
    name: "another protocol",
    section: "protocol",
    successor: "protocol",
    make: changed(
      protocol,
      inPlace((section) => section.writeUInt32LE(2)),
    ),
  },
  {
    name: "a coefficient changed",
    section: "coefficients",
    successor: "coefficients",
    make: changed(
      coefficients,
      inPlace((section) => {
        section[4 + 12]! ^= 1;
      }),
    ),
  },
  {
    name: "a contribution that changes nothing",
    section: undefined,
    successor: "ceremony/broken-chain",
    silent: { snarkjs: "a secret of 1 is one for it", noble: "the equations hold for it" },
    make: ({ keys }, target) => contributeWith(keys[3]!, target, { secret: 1n, base: 5n }),
  },
  {
    name: "an older key",
    section: undefined,
    successor: "ceremony/other-history",
    silent: { snarkjs: "it compares with nothing", noble: "the equations hold for it" },
    make: async ({ keys }, target) => {
      await copyFile(keys[2]!, target);
      return target;
    },
  },
];
