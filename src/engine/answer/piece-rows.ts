import { type PassSize, type Prices, passPrice } from '../../decode/prices.ts';
import { BLOCK } from '../../graph/blocks/block-attention.ts';
import { MOST_ROWS, standsApart } from '../../model/lane-groups.ts';
import type { Company } from './company.ts';

/** A piece of a prompt may take so many passes of those that decode, which wait for it. */
export const LONGEST_PIECE = 1.5;
/** Below 8 rows a pass hardly gets cheaper; so many are read whatever they cost, so that every prompt comes to its end. */
export const LEAST_PIECE = 8;

/**
 * Rows of the next piece of a prompt beside answers that decode: the most that keep these from waiting long. Judged by
 * what passes cost now, so that a machine that slows down makes no piece smaller.
 *
 * @param dear what pieces of this prompt cost beside their price, as a factor
 */
export function pieceBeside(company: Company, prices: Prices, dear: number): number {
  const own = passPrice(prices, company.decoding);
  const fits = SIZES.filter(
    (rows) => waitMs(company, prices, dear, rows) <= (1 + LONGEST_PIECE) * own,
  );
  return fits.at(-1) ?? LEAST_PIECE;
}

const SIZES = [
  ...Array.from({ length: BLOCK - LEAST_PIECE + 1 }, (_, at) => LEAST_PIECE + at),
  ...Array.from({ length: MOST_ROWS / BLOCK - 1 }, (_, at) => (at + 2) * BLOCK),
];

/** From one pass of those that decode to the next, where all that read bring so many rows. */
function waitMs(
  { decoding, reading }: Company,
  prices: Prices,
  dear: number,
  rows: number,
): number {
  const lanes = reading + 1;
  const pieces: PassSize = { rows: rows * lanes, lanes };
  if (!sharesPass(decoding, pieces, rows)) {
    return passPrice(prices, decoding) + dear * passPrice(prices, pieces);
  }
  const both = { rows: decoding.rows + pieces.rows, lanes: decoding.lanes + lanes };
  return Math.max(1, dear) * passPrice(prices, both);
}

/** Whether pieces go with those that decode: few enough rows are padded. */
function sharesPass(decoding: PassSize, { lanes }: PassSize, rows: number): boolean {
  const each = Math.round(decoding.rows / decoding.lanes);
  if (Math.max(rows, each) > BLOCK) return false;
  return rows < each
    ? !standsApart(each, { lanes, rows: lanes * rows })
    : !standsApart(rows, { lanes: decoding.lanes, rows: decoding.lanes * each });
}

/** How dear pieces are after one more: a pass that others held up must not pass for a dear one. */
export function learnDear(dear: number, observed: number): number {
  const news = Math.min(MOST_NEWS, Math.max(1 / MOST_NEWS, observed / dear));
  return Math.min(DEAREST, Math.max(1 / DEAREST, dear * news ** NEWS_SHARE));
}

const MOST_NEWS = 2;
const NEWS_SHARE = 0.25;
const DEAREST = 8;
