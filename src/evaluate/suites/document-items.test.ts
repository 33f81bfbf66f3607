import { expect, it } from 'vitest';
import type { DrawnDocument } from '../pictures/documents/drawn-documents.ts';
import type { Field } from '../pictures/documents/template.ts';
import { createDraws } from '../pictures/draws.ts';
import { documentItems } from './document-suites.ts';
import { refusalItems } from './refusals-suite.ts';

const lay = () => {
  throw new Error('it is drawn already');
};
const bill = (seed: number, fields: readonly Field[]): DrawnDocument => ({
  template: { name: 'bill', kind: 'receipt', lay },
  ...{ copy: 3, picture: Uint8Array.of(1), fields, draws: createDraws(seed) },
});
const PRICE: Field = { name: 'price', of: 'tea', values: ['2.40'] };
const TOTAL: Field = { name: 'total', values: ['9.00'] };

it('asks for two fields, each once, by what they are of', () => {
  const items = documentItems(bill(1, [PRICE, TOTAL]));
  expect(items.map(({ name }) => name).sort()).toEqual(['bill 3: price of tea', 'bill 3: total']);
  const price = items.find(({ name }) => name.includes('price'));
  expect(price).toMatchObject({ group: 'receipt', answers: { values: ['2.40'] } });
  expect(price?.question).toContain('tea');
});

it('asks for what there is, where that is one field', () => {
  expect(documentItems(bill(1, [TOTAL]))).toHaveLength(1);
});

it('asks as often for what a document tells as for what it does not', () => {
  const items = [1, 2, 3].flatMap((seed) => refusalItems(bill(seed, [PRICE, TOTAL])));
  const told = items.filter(({ group }) => group === 'told');
  const untold = items.filter(({ group }) => group === 'not told');
  expect([told.length, untold.length]).toEqual([3, 3]);
  expect(told.every(({ answers }) => 'values' in answers)).toBe(true);
  expect(untold.every(({ answers }) => 'unknown' in answers)).toBe(true);
});
