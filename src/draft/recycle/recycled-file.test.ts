import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modelFolder } from '../../checkpoint/model-folder.ts';
import { tempFolder } from '../../checkpoint/testing/folders.ts';
import { CheckpointError, DraftMismatchError } from '../../contracts/errors.ts';
import { writeSafetensors } from '../../safetensors/write-safetensors.ts';
import { matchTable, RECYCLED_FILE, readRecycledTable, tableArrays } from './recycled-file.ts';
import { chanceOf, codeOf, type Endings } from './recycled-table.ts';

const ORIGIN = { tokenizer: 'abc', vocabSize: 100, model: 'tiny', seen: 12 };

/** Endings of each length: `1`, `2` and `7` by itself, `1 2` and `3 1`, and `9 1 2`. */
const ENDINGS: readonly Endings[] = [
  {
    length: 1,
    tokens: Uint16Array.of(1, 2, 7),
    times: Uint8Array.of(3, 1, 9),
    kept: Uint8Array.of(2, 1, 1),
    next: Uint16Array.of(5, 6, 7, 8),
    chances: Uint8Array.of(codeOf(0.5), codeOf(0.25), codeOf(1), codeOf(0.125)),
  },
  {
    length: 2,
    tokens: Uint16Array.of(1, 2, 3, 1),
    times: Uint8Array.of(1, 2),
    kept: Uint8Array.of(1, 1),
    next: Uint16Array.of(4, 99),
    chances: Uint8Array.of(0, 16),
  },
  {
    length: 3,
    tokens: Uint16Array.of(9, 1, 2),
    times: Uint8Array.of(1),
    kept: Uint8Array.of(1),
    next: Uint16Array.of(0),
    chances: Uint8Array.of(32),
  },
];

type Change = (file: ReturnType<typeof tableArrays>) => ReturnType<typeof tableArrays>;

async function read(change: Change = (file) => file) {
  const dir = tempFolder();
  const { arrays, metadata } = change(tableArrays(ENDINGS, ORIGIN));
  await writeSafetensors(join(dir, RECYCLED_FILE), arrays, metadata);
  return readRecycledTable(modelFolder(dir));
}

/** Another array in the place of one. */
const put =
  (name: string, data: Uint8Array | Uint16Array): Change =>
  ({ arrays, metadata }) => ({
    metadata,
    arrays: arrays.map((array) => {
      if (array.name !== name) return array;
      const { shape } = array;
      if (data instanceof Uint16Array) return { name, shape, dtype: 'U16' as const, data };
      return { name, shape, dtype: 'U8' as const, data };
    }),
  });
const say =
  (texts: Record<string, string>): Change =>
  ({ arrays, metadata }) => ({ arrays, metadata: { ...metadata, ...texts } });

describe('the file of a table', () => {
  it('gives what each ending was followed by, and what the table says of itself', async () => {
    const file = await read();
    expect(file).toMatchObject(ORIGIN);
    const find = (...ending: number[]) => file?.table.find(ending);
    expect(find(1)).toEqual({
      times: 3,
      law: [
        { token: 5, chance: 0.5 },
        { token: 6, chance: 0.25 },
      ],
    });
    expect(find(7)?.law).toEqual([{ token: 8, chance: 0.125 }]);
    expect(find(3, 1)).toEqual({ times: 2, law: [{ token: 99, chance: 0.5 }] });
    expect(find(9, 1, 2)).toEqual({ times: 1, law: [{ token: 0, chance: 0.25 }] });
    expect([find(3), find(2, 1), find(9, 1, 3), find(5, 9, 1, 2)]).toEqual([
      ...[undefined, undefined, undefined, undefined],
    ]);
    expect(file?.table.endings).toBe(6);
  });

  it('is not there where a folder has none', async () => {
    expect(await readRecycledTable(modelFolder(tempFolder()))).toBeNull();
  });

  it('may have ids of 32 bits', async () => {
    const file = await read(({ arrays, metadata }) => ({
      metadata: { ...metadata, vocabulary: '200000' },
      arrays: arrays.map((array) =>
        array.name === '3.next'
          ? { ...array, dtype: 'U32' as const, data: Uint32Array.of(150_000) }
          : array,
      ),
    }));
    expect(file?.table.find([9, 1, 2])?.law[0]?.token).toBe(150_000);
  });

  it.each<[string, Change]>([
    ['version', say({ version: '2' })],
    ['format', say({ format: 'pt' })],
    ['vocabulary', say({ vocabulary: 'many' })],
    ['99', say({ vocabulary: '99' })],
    ['missing', ({ arrays, metadata }) => ({ metadata, arrays: arrays.slice(1) })],
    [
      'other tensors',
      ({ arrays, metadata }) => {
        const more = { name: 'more', shape: [1], dtype: 'U8' as const, data: Uint8Array.of(1) };
        return { metadata, arrays: [...arrays, more] };
      },
    ],
    ['order', put('1.tokens', Uint16Array.of(1, 7, 2))],
    ['order', put('1.tokens', Uint16Array.of(1, 1, 2))],
    ['8 bits', put('1.times', Uint16Array.of(3, 1, 9))],
    ['ids', put('1.next', Uint8Array.of(5, 6, 7, 8))],
    ['never seen', put('1.times', Uint8Array.of(3, 0, 9))],
    ['1 to 8', put('1.kept', Uint8Array.of(3, 0, 1))],
    ['tokens they should', put('1.kept', Uint8Array.of(2, 2, 1))],
    ['more than 1', put('1.chances', Uint8Array.of(0, 0, 0, 0))],
  ])('is refused where it is wrong: %s', async (problem, change) => {
    const reading = read(change);
    await expect(reading).rejects.toBeInstanceOf(CheckpointError);
    await expect(reading).rejects.toThrow(problem === '99' ? 'beyond its vocabulary' : problem);
  });

  it('is refused for another tokenizer, in words that name both', async () => {
    matchTable(ORIGIN, { tokenizer: 'abc', vocabSize: 100 });
    const match = () => matchTable(ORIGIN, { tokenizer: 'xyz', vocabSize: 50 });
    expect(match).toThrow(DraftMismatchError);
    expect(match).toThrow('tokenizer is abc (100 tokens) of tiny but the target');
  });
});

describe('a chance in 8 bits', () => {
  it('is never rounded up, and off by less than a twentieth', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.0001, max: 1, noNaN: true }), (chance) => {
        const read = chanceOf(codeOf(chance));
        expect(read).toBeLessThanOrEqual(chance * (1 + 1e-9));
        expect(read).toBeGreaterThan(0.95 * chance);
      }),
    );
  });
});
