import { ms, share } from './figures.ts';
import type { SideFigures } from './pair-figures.ts';
import type { VariantReport } from './variant-report.ts';

export const SPLIT_HEAD = ['part', 'plain', 'share', 'speculative', 'share'];

/** The parts of decoding, the draft's reading of the prompt among them. */
export const DECODE_PARTS = {
  target: ({ target }: SideFigures) => target,
  draft: ({ draft, draftReading }: SideFigures) => draft - draftReading,
  'draft, reading the prompt': ({ draftReading }: SideFigures) => draftReading,
  'host, outside sessions': ({ host }: SideFigures) => host,
};

/** Where the time of an answer goes, means of all answers; shares are of decoding. */
export function splitCells({ perAnswer: { plain, speculative } }: VariantReport): string[][] {
  const row = (name: string, of: (side: SideFigures) => number) => [
    name,
    ms(of(plain)),
    share(of(plain) / plain.decode),
    ms(of(speculative)),
    share(of(speculative) / speculative.decode),
  ];
  return [
    ...Object.entries(DECODE_PARTS).map(([name, of]) => row(name, of)),
    row('decoding', ({ decode }) => decode),
    ['prefill', ms(plain.prefill), '-', ms(speculative.prefill), '-'],
  ];
}

/** What the draft's reading of the prompt takes beside the target's. */
export function readingShare({ perAnswer: { speculative } }: VariantReport): string {
  const { draftReading, prefill } = speculative;
  return prefill > 0 ? share(draftReading / prefill) : '-';
}
