import { type Markup, markup } from "./markup.js";
import { shownDuration, shownTime, type TimelineStep } from "./timeline.js";

// Places in the picture, in its own units.
const ROW = 30;
const NAME = 0;
const BARS = { from: 90, to: 470 };
const TOOK = 480;
const WIDTH = 640;

/** The timeline as a picture: each step a bar, from the step before it on. Colours are those of the page's style. */
export function timelineChart(steps: readonly TimelineStep[]): Markup {
  const times = steps.flatMap(({ at }) => (at === null ? [] : [Number(at)]));
  const first = Math.min(...times);
  const span = Math.max(...times) - first || 1;
  const x = (at: bigint): number =>
    BARS.from + Math.round(((Number(at) - first) / span) * (BARS.to - BARS.from));
  const rows = steps.map(({ name, at, took }, index) => {
    const top = index * ROW;
    const [begin, end] = [at === null ? 0 : x(at - (took ?? 0n)), at === null ? 0 : x(at)];
    const bar =
      at === null
        ? markup``
        : markup`<rect class="bar" x="${Math.min(begin, end)}" y="${top + 8}" width="${Math.max(3, Math.abs(end - begin))}" height="14" rx="2"><title>${name}: ${shownTime(at)}</title></rect>`;
    return markup`<text x="${NAME}" y="${top + 20}">${name}</text><rect class="track" x="${BARS.from}" y="${top + 8}" width="${BARS.to - BARS.from + 3}" height="14" rx="2"></rect>${bar}<text class="soft" x="${TOOK}" y="${top + 20}">${tookText(at, took)}</text>`;
  });
  return markup`<svg viewBox="0 0 ${WIDTH} ${steps.length * ROW + 4}" role="img" aria-label="Timeline of the incident">${rows}</svg>`;
}

/** How long a step took, or that nobody knows. */
export function tookText(at: bigint | null, took: bigint | null): string {
  if (at === null) return "not known";
  return took === null ? "the first that is known" : `after ${shownDuration(took)}`;
}
