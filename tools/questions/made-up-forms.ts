/** Forms that no suite has, made up: entries drawn together, in one of five layouts. */
import { type SheetWriter, writeSheet } from '../../src/evaluate/pictures/documents/sheet.ts';
import { dayStyle, money } from '../../src/evaluate/pictures/documents/values.ts';
import type { Draws } from '../../src/evaluate/pictures/draws.ts';
import type { PageFonts } from '../../src/evaluate/pictures/pages/lay-page.ts';
import type { Sheet } from '../../src/evaluate/pictures/pages/page.ts';
import { ENTRIES, type Entry } from './form-entries.ts';
import { inAnyOrder } from './in-any-order.ts';

export interface MadeUpForm {
  readonly sheet: Sheet;
  readonly filled: readonly Filled[];
}

export interface Filled {
  readonly entry: Entry;
  readonly label: string;
  readonly value: string;
}

const TITLES = [
  ...['Rental agreement', 'Visitor pass', 'Library card', 'Repair order', 'Gym membership'],
  ...['Hotel voucher', 'Pet passport', 'Warranty card', 'School record', 'Delivery note'],
  ...['Insurance card', 'Laundry ticket', 'Workshop receipt', 'Loan slip', 'Staff badge'],
];
const LOOKS = [
  ['#ffffff', '#26313b', '#2a6f97'],
  ['#f7f3e8', '#3b2f24', '#9c4a1a'],
  ['#eef7f4', '#21302c', '#1f7a5a'],
  ['#f4f1fb', '#2b2540', '#6a4bb0'],
  ['#1f2733', '#f2f4f7', '#f2b84b'],
] as const;

type Layout = (page: SheetWriter, filled: readonly Filled[], accent: string) => void;

const above: Layout = (page, filled) => {
  for (const { label, value } of filled) {
    page.centre(label, { size: 13 });
    page.centre(value, { size: 25, bold: true });
  }
};

const beside: Layout = (page, filled, accent) => {
  for (const { label, value } of filled) {
    page.at(page.left, label, { colour: accent });
    page.at(page.left + 190, value, { bold: true });
    page.down(1.2);
  }
};

const apart: Layout = (page, filled, accent) => {
  for (const { label, value } of filled) {
    page.pair(label, value);
    page.rule(accent);
  }
};

const named: Layout = (page, filled) => {
  for (const { label, value } of filled) {
    page.at(page.left, `${label}: ${value}`);
    page.down(1.1);
  }
};

const grid: Layout = (page, filled, accent) => {
  for (let at = 0; at < filled.length; at += 2) {
    const line = filled.slice(at, at + 2);
    const x = (index: number) => page.left + (index * (page.right - page.left)) / 2;
    for (const [index, { label }] of line.entries()) {
      page.at(x(index), label, { size: 14, colour: accent });
    }
    page.down(1);
    for (const [index, { value }] of line.entries()) page.at(x(index), value, { size: 21 });
    page.down(1.5);
  }
};

const LAYOUTS: readonly Layout[] = [above, beside, apart, named, grid];

/** Four to seven entries, each once; no value stands twice. */
export function madeUpForm(draws: Draws, { plain, serif, mono, others }: PageFonts): MadeUpForm {
  const random = () => draws.between(0, 1);
  const style = { day: dayStyle(draws), money: money(draws) };
  const values = new Set<string>();
  const filled = inAnyOrder(ENTRIES, random)
    .slice(0, draws.whole(4, 7))
    .flatMap((entry): Filled[] => {
      const value = entry.value(draws, style);
      if (values.has(value)) return [];
      values.add(value);
      const label = draws.one(entry.labels);
      return [{ entry, label: draws.chance(0.15) ? label.toUpperCase() : label, value }];
    });
  const [ground, ink, accent] = draws.one(LOOKS);
  const font = draws.one([...plain, ...plain, ...serif, ...mono, ...others]);
  const hand = { width: draws.whole(420, 660), ground, ink, font, size: 17, margin: 36 };
  const page = writeSheet(hand);
  page.centre(draws.one(TITLES), { size: 24, bold: true, colour: accent });
  page.down(0.5);
  draws.one(LAYOUTS)(page, filled, accent);
  return { sheet: page.done({ turn: draws.one([0, 0, draws.between(-3, 3)]) }), filled };
}
