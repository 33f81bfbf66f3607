import { counted } from '../contracts/counted.ts';
import type { RunInfo } from '../contracts/generate.ts';
import type { ModelInfo } from '../contracts/load.ts';
import type { Interval } from './bootstrap.ts';

/** What tables show; a dash where there is no number. */

export function ms(value: number | undefined): string {
  return value === undefined ? '-' : `${value.toFixed(2)} ms`;
}

/** A ratio: `1.25x`. */
export function times(ratio: number | undefined): string {
  return ratio === undefined ? '-' : `${ratio.toFixed(2)}x`;
}

/** `1.20-1.31`. */
export function bounds(interval: Interval | null | undefined): string {
  return interval ? `${interval.low.toFixed(2)}-${interval.high.toFixed(2)}` : '-';
}

export function share(value: number): string {
  return Number.isFinite(value) ? `${Math.round(100 * value)} %` : '-';
}

/** Why a model runs without a draft. */
export const noDraft = ({ refusedDraft }: Pick<ModelInfo, 'refusedDraft'>): string =>
  refusedDraft === undefined ? 'none' : `none: the given one is made for ${refusedDraft}`;

/** What a table of recycled tokens holds: `41234 endings of 77172 tokens, 1.0 MB`. */
export const tableText = ({ endings, seen, bytes }: NonNullable<ModelInfo['recycled']>): string =>
  `${counted(endings, 'ending')} of ${counted(seen, 'token')}, ${(bytes / 1e6).toFixed(1)} MB`;

export function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}

/** Who guesses: the drafter, and what is joined with it. */
export const whoDrafts = ({ drafter, beside }: Pick<RunInfo, 'drafter' | 'beside'>): string =>
  beside === null ? drafter : `${drafter}+${beside}`;
