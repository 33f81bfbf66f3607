import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CutRecord, splitLines, splitList } from './split-records.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);

/** The text's bytes in chunks of the lengths, the rest in one. */
async function* chunked(text: string, lengths: readonly number[] = []) {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  for (const length of [...lengths, bytes.length]) {
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

async function all(records: AsyncIterable<CutRecord>) {
  const texts: (readonly [index: number | undefined, text: string])[] = [];
  for await (const record of records) {
    const text = 'bytes' in record ? new TextDecoder().decode(record.bytes) : record.broken;
    texts.push([record.index, text]);
  }
  return texts;
}
const elements = async (text: string) => all(splitList(chunked(text)));
const lengths = fc.array(fc.nat({ max: 20 }), { maxLength: 30 });

describe('a list is cut', () => {
  it('into the elements that JSON.parse finds, wherever the chunks end', async () => {
    const values = fc.array(fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(
        values,
        fc.constantFrom(undefined, 1),
        lengths,
        async (list, indent, cuts) => {
          const cut = await all(splitList(chunked(JSON.stringify(list, null, indent), cuts)));
          expect(cut.map(([index]) => index)).toEqual(list.map((_, i) => i));
          const parsed = cut.map(([, text]) => JSON.parse(text));
          expect(parsed).toEqual(JSON.parse(JSON.stringify(list)));
        },
      ),
      { numRuns },
    );
  });

  it('around elements that are no JSON', async () => {
    expect(await elements('[{"a" 1}, {"b": "]},["}, oops, ]')).toEqual([
      [0, '{"a" 1}'],
      [1, ' {"b": "]},["}'],
      [2, ' oops'],
      [3, ' '],
    ]);
  });

  it.each([
    ['inside a string', '[{"a": 1}, {"b": "c'],
    ['inside an object', '[{"a": 1}, {"b": [1'],
    ['behind an element', '[{"a": 1}, {"b": 1}'],
  ])('and cut short %s, names where', async (_, text) => {
    const cut = await elements(text);
    expect(cut).toHaveLength(2);
    expect(cut[0]).toEqual([0, '{"a": 1}']);
    expect(cut[1]).toEqual([undefined, expect.stringContaining('missing in record 1')]);
  });

  it('and what stands behind it is told once', async () => {
    const cut = await elements('[1] , [2] []');
    expect(cut).toEqual([
      [0, '1'],
      [undefined, 'something stands behind the end of its list, after record 0'],
    ]);
  });
});

describe('lines are cut', () => {
  it('as split does, wherever the chunks end, without blank ones', async () => {
    const words = fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '\n', '\r', ' ', '{') }));
    await fc.assert(
      fc.asyncProperty(words, lengths, async (words, cuts) => {
        const text = words.join('');
        const expected = text.split('\n').flatMap((line, i) => (line.trim() ? [[i, line]] : []));
        expect(await all(splitLines(chunked(text, cuts)))).toEqual(expected);
      }),
      { numRuns },
    );
  });
});

describe('a record over 64 MiB', () => {
  const long = `"${'a'.repeat(64 * 2 ** 20)}"`;

  it('of a list is refused and costs no other', async () => {
    const cut = await all(splitList(chunked(`[1,${long},2]`, [2 ** 20, 2 ** 25])));
    expect(cut).toEqual([
      [0, '1'],
      [1, 'it is over 64 MiB'],
      [2, '2'],
    ]);
  });

  it('in a line is refused and costs no other', async () => {
    const cut = await all(splitLines(chunked(`1\n${long}\n2`, [2 ** 20, 2 ** 25])));
    expect(cut).toEqual([
      [0, '1'],
      [1, 'it is over 64 MiB'],
      [2, '2'],
    ]);
  });
});
