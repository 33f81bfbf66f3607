import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { TINY_TARGET } from '../../checkpoint/testing/folders.ts';
import { DisposedError, NonFiniteFeatureError } from '../../contracts/errors.ts';
import type { Rows } from '../../contracts/rows.ts';
import type { Session } from '../../contracts/session.ts';
import type { Forward, Likely, Sequence, Step, Target } from '../../contracts/target.ts';
import { onAllAxes, wordPositions } from '../../decode/draft-rows.ts';
import { uniform } from '../../decode/uniform.ts';
import { likelyTokens } from '../../model/llama.ts';
import { loadModel } from '../load/load-model.ts';
import { createNodeHost } from '../node/node-host.ts';
import { createTarget } from './target.ts';

const SETTINGS = { model: TINY_TARGET, draft: null, device: 'cpu', threads: 1 } as const;

const host = await createNodeHost(SETTINGS);
const { target, files } = await loadModel(
  {
    ...host,
    readCosts: async () => ({ costs: { target: [], draftLevel: 0, host: 0 }, steady: true }),
  },
  SETTINGS,
);

const ids = (count: number, seed: number) =>
  Int32Array.from({ length: count }, (_, i) => 10 + Math.floor(900 * uniform(seed, i)));
const iota = (count: number) => Int32Array.from({ length: count }, (_, i) => i);

/** A chain of rows after a sequence's text, its first `visual` rows pictures. */
function chain(sequence: Sequence, count: number, seed: number, visual = 0): Step {
  const width = target.hiddenSize;
  const data = Float32Array.from({ length: visual * width }, (_, i) => uniform(seed, i) - 0.5);
  const pictures = { embeddings: { data, count: visual, width }, slots: iota(visual) };
  return {
    sequence,
    ids: ids(count, seed),
    ...(visual > 0 && { visual: pictures }),
    parents: iota(count).map((i) => i - 1),
    positions: wordPositions(count, sequence.length),
    heads: Int32Array.of(0, count - 1),
    want: 'logits',
  };
}

async function textOf(length: number, seed: number): Promise<Sequence> {
  const sequence = target.open();
  await read(sequence, length, seed);
  return sequence;
}

/** Reads so many more rows of a text; more than a block of them must begin at a block's border. */
async function read(sequence: Sequence, count: number, seed: number): Promise<Forward> {
  const forward = await pass(chain(sequence, count, seed));
  sequence.commit(forward, iota(count));
  return forward;
}

async function pass(step: Step): Promise<Forward> {
  const [forward] = (await target.forward([step])) as [Forward];
  return forward;
}

/** Every bit of what a pass says of a step: features, logits and best tokens. */
async function bitsOf({ rows, logits, best }: Forward) {
  return { features: bits(await target.read(rows)), logits: logits && bits(logits), best };
}

/** Equal where all floats are, in every bit. */
function bits({ data, count, width }: Rows, from = 0, to = count): string {
  const floats = data.slice(from * width, to * width);
  return createHash('sha256').update(new Uint8Array(floats.buffer)).digest('hex');
}

describe('one pass over several sequences', () => {
  it('says of each what a pass of its own says, to the bit', async () => {
    const [a, b, c] = [await textOf(20, 1), await textOf(150, 2), target.open()];
    const tree: Step = {
      ...chain(b, 6, 4),
      parents: Int32Array.of(-1, 0, 0, 1, 2, 2),
      positions: onAllAxes(Int32Array.of(150, 151, 151, 152, 152, 152)),
      heads: iota(6),
    };
    const steps = [chain(a, 5, 3, 2), tree, chain(c, 3, 5, 1)];
    const joined = await Promise.all((await target.forward(steps)).map(bitsOf));
    for (const [index, step] of steps.entries()) {
      expect(joined[index]).toEqual(await bitsOf(await pass(step)));
    }
  });

  it('gives rows that can be committed: the next pass continues them', async () => {
    const [a, b] = [await textOf(20, 1), await textOf(30, 2)];
    const [c, d] = [await textOf(20, 1), await textOf(30, 2)];
    const together = await target.forward([chain(a, 4, 6), chain(b, 4, 7)]);
    a.commit(together[0] as Forward, iota(4));
    b.commit(together[1] as Forward, Int32Array.of(0, 1));
    c.commit(await pass(chain(c, 4, 6)), iota(4));
    d.commit(await pass(chain(d, 4, 7)), Int32Array.of(0, 1));
    for (const [left, right] of [
      [a, c],
      [b, d],
    ] as const) {
      const [x, y] = [await pass(chain(left, 3, 8)), await pass(chain(right, 3, 8))];
      expect(await bitsOf(x)).toEqual(await bitsOf(y));
    }
  });

  it('gives logits to the steps that want them, and the best tokens to all', async () => {
    const [a, b] = [await textOf(20, 1), await textOf(30, 2)];
    const greedy: Step = { ...chain(a, 3, 6), want: 'best' };
    const [one, two] = await target.forward([greedy, chain(b, 3, 7)]);
    expect(one?.logits).toBeUndefined();
    expect(two?.logits?.count).toBe(2);
    expect(one?.best).toEqual((await pass(greedy)).best);
  });

  it('tells the likeliest tokens of each wanted row, likeliest first, as the logits have them', async () => {
    const { best, likely, logits } = await pass(chain(await textOf(20, 1), 3, 6));
    const { ids, logits: told, each } = likely as Likely;
    const { data, width, count } = logits as Rows;
    for (let row = 0; row < count; row += 1) {
      const own = data.subarray(row * width, (row + 1) * width);
      const expected = [...own.keys()]
        .sort((a, b) => (own[b] as number) - (own[a] as number) || a - b)
        .slice(0, each);
      expect([...ids.subarray(row * each, (row + 1) * each)]).toEqual(expected);
      expect([...told.subarray(row * each, (row + 1) * each)]).toEqual(
        expected.map((id) => own[id]),
      );
      expect(best[row]).toBe(expected[0]);
    }
  });
});

describe('passes that are asked for at once', () => {
  /** The bits of 40 texts that grow by 70 rows, one row, and a tree of five. */
  async function grown(together: boolean) {
    const grow = async (seed: number) => {
      const sequence = target.open();
      const said = [await bitsOf(await read(sequence, 70, seed))];
      said.push(await bitsOf(await read(sequence, 1, seed + 100)));
      const tree = { ...chain(sequence, 5, seed + 200), parents: Int32Array.of(-1, 0, 0, 1, 2) };
      const positions = onAllAxes(Int32Array.of(71, 72, 72, 73, 73));
      const forward = await pass({ ...tree, positions });
      sequence.commit(forward, Int32Array.of(0, 2, 4));
      said.push(await bitsOf(forward), await bitsOf(await pass(chain(sequence, 3, seed + 300))));
      sequence.truncate(60);
      said.push(await bitsOf(await pass(chain(sequence, 2, seed + 400))));
      sequence.dispose();
      return said;
    };
    const seeds = iota(40);
    if (together) return Promise.all([...seeds].map(grow));
    const all = [];
    for (const seed of seeds) all.push(await grow(seed));
    return all;
  }

  it('say what they say one after the other, while texts open, grow, are cut and let go', async () => {
    const apart = await grown(false);
    expect(await grown(true)).toEqual(apart);
  });
});

describe('a text', () => {
  it('reads a long chunk from a border of blocks on as it reads it piece by piece', async () => {
    const [whole, pieces] = [await textOf(64, 1), await textOf(64, 1)];
    const rest = chain(whole, 150, 9);
    const features = await target.read((await pass(rest)).rows);
    for (let from = 0; from < 150; from += 50) {
      const ids = rest.ids.slice(from, from + 50);
      const part = await pass({ ...chain(pieces, 50, 0), ids });
      expect(bits(await target.read(part.rows))).toBe(bits(features, from, from + 50));
      pieces.commit(part, iota(50));
    }
  });

  it('that was cut says what one that was never longer says', async () => {
    for (const kept of [1, 40, 64, 100]) {
      const [cut, short] = [await textOf(130, 1), target.open()];
      cut.truncate(kept);
      await pass({ ...chain(short, kept, 0), ids: ids(130, 1).slice(0, kept) }).then((forward) =>
        short.commit(forward, iota(kept)),
      );
      const [x, y] = [await pass(chain(cut, 5, 8)), await pass(chain(short, 5, 8))];
      expect(await bitsOf(x)).toEqual(await bitsOf(y));
    }
  });
});

describe('a pass of one row', () => {
  it('says what a pass of several rows says of its first', async () => {
    const sequence = await textOf(40, 1);
    const [one, four] = [await pass(chain(sequence, 1, 9)), await pass(chain(sequence, 4, 9))];
    const [alone, first] = [await target.read(one.rows), await target.read(four.rows)];
    expect(alone.count).toBe(1);
    expect(bits(alone)).toBe(bits(first, 0, 1));
    expect(bits(one.logits as Rows, 0, 1)).toBe(bits(four.logits as Rows, 0, 1));
    expect(one.best[0]).toBe(four.best[0]);
  });
});

describe('the rows of a pass', () => {
  it('can be read after later passes, all or some of them in any order', async () => {
    const sequence = await textOf(10, 1);
    const { rows } = await pass(chain(sequence, 4, 2));
    const all = await target.read(rows);
    const before = bits(all);
    await pass(chain(sequence, 4, 3));
    expect(bits(await target.read(rows))).toBe(before);
    const some = await target.read(rows, Int32Array.of(2, 0));
    expect([some.count, some.width]).toEqual([2, target.hiddenSize]);
    expect(bits(some, 0, 1)).toBe(bits(all, 2, 3));
    expect(bits(some, 1, 2)).toBe(bits(all, 0, 1));
  });

  it('can be committed once, until the next pass of their sequence', async () => {
    const [sequence, other] = [await textOf(10, 1), await textOf(10, 2)];
    const early = await pass(chain(sequence, 2, 2));
    const forward = await pass(chain(sequence, 2, 2));
    await pass(chain(other, 2, 3));
    expect(() => sequence.commit(early, iota(2))).toThrow(RangeError);
    sequence.commit(forward, iota(2));
    expect(() => sequence.commit(forward, iota(2))).toThrow(RangeError);
    expect(sequence.length).toBe(12);
  });

  it('of another target are refused', async () => {
    await expect(target.read({ count: 1 })).rejects.toBeInstanceOf(RangeError);
  });
});

describe('a target', () => {
  it('refuses a sequence that was disposed', async () => {
    const sequence = await textOf(3, 1);
    sequence.dispose();
    await expect(pass(chain(sequence, 2, 1))).rejects.toBeInstanceOf(DisposedError);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('names a step that gives %d', async (value) => {
    const broken = withFeature(value);
    const [forward] = await broken.forward([chain(broken.open(), 2, 1)]);
    expect(forward?.fault).toBeInstanceOf(NonFiniteFeatureError);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'says nothing else of the neighbours of a picture that holds %d',
    async (value) => {
      const [good, other] = [await textOf(20, 1), await textOf(90, 2)];
      const bad: Step = chain(await textOf(30, 3), 40, 4, 30);
      bad.visual?.embeddings.data.fill(value);
      const steps = [chain(good, 1, 5), chain(other, 7, 6, 1)];
      const alone = [];
      for (const step of steps) alone.push(await bitsOf(await pass(step)));
      for (const at of [0, 1, 2]) {
        const forwards = await target.forward(steps.toSpliced(at, 0, bad));
        const [fault] = forwards.splice(at, 1);
        expect(fault?.fault).toBeInstanceOf(NonFiniteFeatureError);
        expect(forwards.map(({ fault }) => fault)).toEqual([undefined, undefined]);
        expect(await Promise.all(forwards.map(bitsOf))).toEqual(alone);
      }
    },
  );

  it('says nothing else of the neighbours of a broken prompt of many blocks', async () => {
    const bad: Step = chain(target.open(), 130, 4, 30);
    bad.visual?.embeddings.data.fill(Number.NaN);
    const [short, long] = [chain(target.open(), 70, 5), chain(target.open(), 190, 6)];
    const alone = [await bitsOf(await pass(short)), await bitsOf(await pass(long))];
    const [fault, ...others] = await target.forward([bad, short, long]);
    expect(fault?.fault).toBeInstanceOf(NonFiniteFeatureError);
    expect(await Promise.all(others.map(bitsOf))).toEqual(alone);
  });
});

/** The target over a session that gives zeros and one bad number. */
function withFeature(value: number): Target {
  const { decoder } = files.config;
  const { layers, kvHeads, headDim, hiddenSize } = decoder;
  const floats = (size: number) => ({
    dtype: 'float32' as const,
    shape: [size],
    data: new Float32Array(size),
  });
  const session: Session = {
    async run(feeds) {
      const n = feeds.ids?.data.length ?? 0;
      const features = floats(n * hiddenSize);
      features.data[n * hiddenSize - 1] = value;
      const cache = () => floats(layers * kvHeads * headDim * n);
      const told = 2 * likelyTokens(decoder);
      const likely_ids = { dtype: 'int32' as const, shape: [told], data: new Int32Array(told) };
      const likely_logits = floats(told);
      return { features, likely_ids, likely_logits, keys: cache(), values: cache() };
    },
    dispose: async () => {},
  };
  return createTarget(session, decoder);
}
