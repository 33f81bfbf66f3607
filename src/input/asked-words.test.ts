import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askedTexts, askedWords } from './asked-words.ts';
import { textFixtures } from './testing/text-fixtures.ts';
import type { Tokenizer } from './tokenizer.ts';

const RECEIPT = ['RIVER BAKERY', 'noodles €8.26', 'pears €9.22', 'SUBTOTAL €17.48', 'TOTAL €18.00'];
const FORM = ['Hotel voucher', 'Guest', 'Anna Ellis', 'Arrival: 2024-05-03', 'Room no. K-51'];
const CHART = ['Fruit sold', 'Pears 340', 'Plums 120', 'Most: Pears, 340', 'Least: Plums, 120'];

describe('words that are asked for', () => {
  it.each([
    [RECEIPT, 'What is the total?', '€18.00'],
    [RECEIPT, 'How much do the noodles cost?', '€8.26'],
    [FORM, 'Who is the guest?', 'Anna Ellis'],
    [FORM, 'When is the arrival?', '2024-05-03'],
    [FORM, 'In which room is it?', 'no. K-51'],
    [CHART, 'How many are there of Plums?', '120'],
    [CHART, 'Which fruit was sold the most?', 'Pears 340'],
    [CHART, 'Which is the least?', 'Plums, 120'],
    [['Gesamtbetrag 12,40', 'Datum 3. Mai'], 'Wie hoch ist der Gesamtbetrag?', '12,40'],
  ])('stand behind what a row and the question share: %j, %s', (rows, question, first) => {
    expect(askedTexts(rows, question)[0]).toBe(first);
  });

  it('are told by a rare, long word rather than by several that other rows have too', () => {
    const rows = ['Price of the day 9', 'Price of the week 8', 'Lemonade 4'];
    expect(askedTexts(rows, 'What is the price of the lemonade?')[0]).toBe('4');
  });

  it('stand in the row below where a label has a row of its own', () => {
    expect(askedTexts(['Guest', 'Anna Ellis', 'Room 5'], 'Who is the guest?')[0]).toBe(
      'Anna Ellis',
    );
    expect(askedTexts(['Tea 3', 'Milk 2'], 'How much is tea?')).toEqual(['3', 'Milk 2']);
  });
});

const asked = (rows: readonly string[], text: string, tokenizer: Tokenizer) =>
  askedWords(rows, [{ role: 'user', content: [{ type: 'text', text }] }], tokenizer);

describe.each(textFixtures)('in tokens of $name', ({ tokenizer }) => {
  const ids = (text: string) => [...tokenizer.encode(text, { addSpecialTokens: false })];

  it('go on an answer as it would be written', () => {
    const [first] = asked(RECEIPT, 'What is the total?', tokenizer);
    const answer = ids('It is: €18.00');
    expect([...(first ?? [])]).toEqual(answer.slice(ids('It is:').length));
  });

  it('are none where nothing was read, and none of a question that shares no word', () => {
    expect(asked([], 'What is the total?', tokenizer)).toEqual([]);
    expect(asked(FORM, 'Warum?', tokenizer)).toEqual([]);
  });
});

it('are parts of the rows, each once and few, whatever was read and asked', () => {
  const text = fc.array(fc.string({ maxLength: 24 }), { maxLength: 20 });
  fc.assert(
    fc.property(text, fc.string(), (lines, more) => {
      const rows = lines.map((line) => line.replaceAll('\n', ' '));
      const found = askedTexts(rows, `${rows[0] ?? ''} ${more}`);
      expect(new Set(found).size).toBe(found.length);
      expect(found.length).toBeLessThanOrEqual(3);
      for (const words of found) expect(rows.some((row) => row.includes(words))).toBe(true);
    }),
  );
});
