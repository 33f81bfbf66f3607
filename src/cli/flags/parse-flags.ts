import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { TreeChoice } from '../../contracts/drafter.ts';
import {
  MODEL_PARTS,
  type PartPrecisions,
  PRECISIONS,
  type Precision,
} from '../../contracts/load.ts';

/**
 * What stands behind a flag, read strictly: nothing after a number is dropped, no NaN gets through. Ranges are checked
 * by the library, which names the option too.
 */

export function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number, as 64.');
}

export function decimalNumber(text: string): number {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a number, as 0.7.');
}

export function treeChoice(text: string): TreeChoice {
  if (text === 'auto') return text;
  if (/^\d+$/.test(text)) return Number(text);
  const [, total, depth, topK] = text.match(/^(\d+),(\d+),(\d+)$/) ?? [];
  if (topK === undefined) {
    throw new InvalidArgumentError('It must be auto, rows as 8, or total,depth,top-k as 59,5,10.');
  }
  return { total: Number(total), depth: Number(depth), topK: Number(topK) };
}

/** One for all parts of the model, or by part. */
export function precision(text: string): Precision | PartPrecisions {
  const name = PRECISIONS.find((one) => one === text);
  if (name !== undefined) return name;
  const parts = text.split(',').map((pair) => {
    const [part, value, ...more] = pair.split('=');
    const known = MODEL_PARTS.find((one) => one === part);
    const asked = PRECISIONS.find((one) => one === value);
    return known && asked && more.length === 0 ? ([known, asked] as const) : undefined;
  });
  const byPart = new Map(parts.filter((pair) => pair !== undefined));
  if (byPart.size === parts.length) return Object.fromEntries(byPart);
  throw new InvalidArgumentError(
    `It must be ${PRECISIONS.join(', ')}, or by part, as decoder=w8a8,head=fp32; the parts are ${MODEL_PARTS.join(', ')}.`,
  );
}

/** For a flag that may be repeated. */
export function listed(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), text];
}
