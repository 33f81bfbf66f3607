import { type Costs, type PassCost, passMs } from './costs.ts';

/**
 * What passes of the target take now: each width as it was timed, corrected by every pass that ran, times the machine's
 * present pace. So one width's passes tell of all, and a machine that slows down is not taken for a width that does.
 * Passes that texts share are priced apart by how many do, since rows of many texts cost more than as many of one.
 */
export interface Prices {
  /** By `companyOf` of the texts in a pass; what is missing is as in smaller company. */
  readonly widths: readonly (readonly Width[] | undefined)[];
  /** How slow the machine is, as a factor of load time. */
  readonly pace: number;
  readonly passes: number;
}

/** A width that was timed, at a pace of 1. Widths are ascending in rows. */
interface Width extends PassCost {
  /** Passes that taught it, in this company. */
  readonly seen: number;
  /** The pass that it was last seen in, and how far its price was from that, as a factor. */
  readonly last: number;
  readonly surprise: number;
}

/** The rows of a pass, of all texts in it, and how many those are. */
export interface PassSize {
  readonly rows: number;
  readonly lanes: number;
}

/** Turns at load count for so many passes. */
const TIMED = 3;
/** A pass beside its price teaches the pace and the width, each by a power: the width is to blame at first and hardly later. */
const PACE_SHARE = 0.2;
const WIDTH_SHARE = { first: 0.5, least: 0.05 };
/** A width that was not seen for so many passes is as good as new. */
const STALE = 48;
/** One late pass must not pass for a slow machine: at most a factor of 2. */
const MOST_LATE = 2;
/** How far the first pass of a width may be from what was held of it. */
const MOST_NEWS = 4;

export function createPrices({ target }: Pick<Costs, 'target'>): Prices {
  return {
    widths: [target.map((cost) => ({ ...cost, seen: TIMED, last: 0, surprise: 1 }))],
    pace: 1,
    passes: 0,
  };
}

/** Milliseconds of a pass. */
export const passPrice = (prices: Prices, { rows, lanes }: PassSize): number =>
  pricesFor(prices, lanes)(rows);

/** Milliseconds of passes of so many texts, by their rows. */
export function pricesFor(prices: Prices, lanes: number): (rows: number) => number {
  const of = { target: widthsFor(prices, lanes) };
  const asked: (number | undefined)[] = []; // the same widths are asked for again and again
  return (rows) => {
    const ms = asked[rows] ?? prices.pace * passMs(of, rows);
    asked[rows] = ms;
    return ms;
  };
}

/** How many passes taught a width of one text. */
export const timesSeen = (prices: Prices, rows: number): number =>
  widthsFor(prices, 1).find((width) => width.rows === rows)?.seen ?? 0;

/** Passes since a width was last seen in such company, and how far its price was from what it took then, as a factor. */
export function lastSeen(
  prices: Prices,
  { rows, lanes }: PassSize,
): { passes: number; surprise: number } {
  const known = prices.widths[companyOf(lanes)]?.find((width) => width.rows === rows);
  if (known === undefined) return { passes: Number.POSITIVE_INFINITY, surprise: 1 };
  return { passes: prices.passes - known.last, surprise: known.surprise };
}

/** The least that a pass of so many rows of one text may take: what a narrower one does. */
export function leastPrice(prices: Prices, rows: number): number {
  const narrower = widthsFor(prices, 1).filter((width) => width.rows <= rows);
  return prices.pace * (narrower.at(-1)?.ms ?? 0);
}

/** Passes after which a width's time is worth keeping, and how far off must be what was kept. */
const KEPT = { passes: 3, change: 1.25 };

/**
 * Costs for the next load: what was timed of lone texts, a wider pass never cheaper; null where that is no news.
 * @param kept those that are known there already
 */
export function learntCosts({ widths: [alone = []] }: Prices, kept: Costs): Costs | null {
  const known = new Map(kept.target.map(({ rows, ms }) => [rows, ms]));
  const sure = alone.filter(({ rows, seen }) => seen >= KEPT.passes || known.has(rows));
  let least = 0;
  const learnt = sure.map(({ rows, ms, seen }) => {
    least = Math.max(least, ms);
    return { rows, ms: least, seen };
  });
  const news = learnt.some(({ rows, ms, seen }) => {
    const before = known.get(rows);
    if (before === undefined) return true;
    return seen > 4 * KEPT.passes && Math.max(ms / before, before / ms) > KEPT.change;
  });
  return news ? { ...kept, target: learnt.map(({ rows, ms }) => ({ rows, ms })) } : null;
}

/** The prices after a pass. Each text in it tells of it once. */
export function learnPass(prices: Prices, size: PassSize, ms: number): Prices {
  const late = Math.min(MOST_LATE, Math.max(1 / MOST_LATE, ms / passPrice(prices, size)));
  const passes = prices.passes + 1;
  const company = companyOf(size.lanes);
  const widths = Array.from(
    { length: Math.max(prices.widths.length, company + 1) },
    (_, at) => prices.widths[at],
  );
  const news = { ms: ms / prices.pace, late, passes };
  const taught = learnWidth(widthsFor(prices, size.lanes), size, news);
  widths[company] = size.lanes === 1 ? believed(taught) : taught; // lone widths alone are timed at load
  const known = widthsFor(prices, size.lanes).some(
    ({ rows, seen }) => rows === size.rows && seen > 0,
  );
  const share = known ? PACE_SHARE / size.lanes : 0;
  return { widths, pace: prices.pace * late ** share, passes };
}

/** A width that takes so much longer than a wider one that ran was timed while the machine was busy. */
const DEARER = 1.1;

/** All but those that were timed at load alone and are denied by a wider one: they are to be tried anew. */
const believed = (widths: readonly Width[]): readonly Width[] =>
  widths.filter(({ rows, ms, last }) => {
    const denies = (wider: Width) => wider.last > 0 && wider.rows > rows && DEARER * wider.ms < ms;
    return rows === 1 || last > 0 || !widths.some(denies);
  });

function learnWidth(
  widths: readonly Width[],
  { rows, lanes }: PassSize,
  { ms, late, passes }: { ms: number; late: number; passes: number },
): Width[] {
  const known = widths.find((width) => width.rows === rows);
  if (known === undefined) {
    const held = passMs({ target: widths }, rows);
    const most = rows > (widths.at(-1)?.rows ?? 0) ? MOST_NEWS * held : held;
    const width = {
      rows,
      ms: Math.min(most, Math.max(ms, held / MOST_NEWS)),
      seen: 1,
      last: passes,
      surprise: 1,
    };
    return [...widths, width].sort((a, b) => a.rows - b.rows);
  }
  const fresh = passes - known.last > STALE ? WIDTH_SHARE.first : 0;
  const share = Math.max(WIDTH_SHARE.least, WIDTH_SHARE.first / (known.seen + 1), fresh) / lanes;
  const seen = { seen: known.seen + 1, last: passes, surprise: Math.max(late, 1 / late) };
  const taught = { rows, ms: known.ms * late ** share, ...seen };
  return widths.map((width) => (width === known ? taught : width));
}

/** 1, 2–3, 4–7, … texts. */
const companyOf = (lanes: number): number => Math.floor(Math.log2(lanes));

/** Those of the company, or as nobody saw it, of the next smaller one. */
function widthsFor({ widths }: Prices, lanes: number): readonly Width[] {
  const company = companyOf(lanes);
  const known = widths.slice(0, company + 1).findLast((some) => some !== undefined) ?? [];
  const strange = widths[company] === undefined;
  return strange ? known.map((width) => ({ ...width, seen: 0 })) : known;
}
