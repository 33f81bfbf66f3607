import { characterErrors } from '../../src/evaluate/character-errors.ts';
import { KINDS, type Kind } from '../../src/evaluate/pictures/pages/page.ts';
import { textColumns } from '../../src/evaluate/text-columns.ts';
import { orderKept } from './order-kept.ts';

/** What a reader said of a page, and how long it took. */
export interface Said {
  readonly text: string;
  /** Of each box, in reading order. */
  readonly pieces: readonly string[];
  readonly ms: number;
}

export interface PageResult {
  readonly name: string;
  readonly kind: Kind;
  readonly truth: string;
  readonly truthPieces: readonly string[];
  readonly ours: Said;
  readonly reference: Said;
}

/** Largest share of characters that are wrong: on clean pages, and on all. */
export const BOUNDS = { clean: 0.02, all: 0.06 } as const;

type Side = 'ours' | 'reference';

/** Characters wrong over characters there are. */
export function errorRate(pages: readonly PageResult[], side: Side): number {
  const sums = pages.map((page) => characterErrors(page.truth, page[side].text));
  return sum(sums.map(({ errors }) => errors)) / sum(sums.map(({ of }) => of));
}

function orderShare(pages: readonly PageResult[], side: Side): number {
  const sums = pages.map((page) => orderKept(page.truthPieces, page[side].pieces));
  return sum(sums.map(({ kept }) => kept)) / sum(sums.map(({ of }) => of));
}

export const withinBounds = (pages: readonly PageResult[]): boolean =>
  errorRate(ofKind(pages, 'clean'), 'ours') <= BOUNDS.clean &&
  errorRate(pages, 'ours') <= BOUNDS.all;

const ofKind = (pages: readonly PageResult[], kind: Kind) =>
  pages.filter((page) => page.kind === kind);

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;

const HEAD = [
  'pages',
  'n',
  'CER',
  'CER, reference',
  'in order',
  'in order, reference',
  'ms',
  'ms, reference',
];

/** Rows of a table: a kind each, and all. */
function rows(pages: readonly PageResult[]): string[][] {
  const groups = [
    ...KINDS.map((kind) => [kind, ofKind(pages, kind)] as const),
    ['all', pages] as const,
  ];
  return groups.map(([name, group]) => [
    name,
    String(group.length),
    percent(errorRate(group, 'ours')),
    percent(errorRate(group, 'reference')),
    percent(orderShare(group, 'ours')),
    percent(orderShare(group, 'reference')),
    (sum(group.map(({ ours }) => ours.ms)) / group.length).toFixed(0),
    (sum(group.map(({ reference }) => reference.ms)) / group.length).toFixed(0),
  ]);
}

export const tableText = (pages: readonly PageResult[]): string =>
  textColumns([HEAD, ...rows(pages)], [0])
    .map((line) => `${line}\n`)
    .join('');
