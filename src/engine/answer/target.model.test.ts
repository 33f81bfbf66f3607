import { describe, expect, it } from 'vitest';
import { TINY_TARGET } from '../../checkpoint/testing/folders.ts';
import { DisposedError, NonFiniteFeatureError } from '../../contracts/errors.ts';
import type { Session } from '../../contracts/session.ts';
import type { Forward, Sequence, Step, Target } from '../../contracts/target.ts';
import { uniform } from '../../decode/uniform.ts';
import { loadModel } from '../load/load-model.ts';
import { createNodeHost } from '../node/node-host.ts';
import { createTarget } from './target.ts';

const SETTINGS = { model: TINY_TARGET, draft: null, device: 'cpu', threads: 1 } as const;

const host = await createNodeHost(SETTINGS);
const { target, files } = await loadModel(
  { ...host, readCosts: async () => ({ target: [], draftLevel: 0, host: 0 }) },
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
    positions: iota(count).map((i) => sequence.length + i),
    heads: Int32Array.of(0, count - 1),
  };
}

async function textOf(length: number, seed: number): Promise<Sequence> {
  const sequence = target.open();
  const [forward] = (await target.forward([chain(sequence, length, seed)], 'best')) as [Forward];
  sequence.commit(forward, iota(length));
  return sequence;
}

function expectClose(a: Float32Array | undefined, b: Float32Array | undefined): void {
  expect(a?.length).toBe(b?.length);
  let largest = 0;
  a?.forEach((value, i) => {
    largest = Math.max(largest, Math.abs(value - (b?.[i] as number)));
  });
  expect(largest).toBeLessThan(1e-4);
}

describe('one pass over several sequences', () => {
  it('says of each what a pass of its own says', async () => {
    const [a, b, c] = [await textOf(20, 1), await textOf(150, 2), target.open()];
    const tree: Step = {
      ...chain(b, 6, 4),
      parents: Int32Array.of(-1, 0, 0, 1, 2, 2),
      positions: Int32Array.of(150, 151, 151, 152, 152, 152),
      heads: iota(6),
    };
    const steps = [chain(a, 5, 3, 2), tree, chain(c, 3, 5, 1)];
    const joined = await target.forward(steps, 'logits');
    for (const [index, step] of steps.entries()) {
      const [alone] = (await target.forward([step], 'logits')) as [Forward];
      expectClose(joined[index]?.features.data, alone.features.data);
      expectClose(joined[index]?.logits?.data, alone.logits?.data);
      expect(joined[index]?.best).toEqual(alone.best);
    }
  });

  it('gives rows that can be committed: the next pass continues them', async () => {
    const [a, b] = [await textOf(20, 1), await textOf(30, 2)];
    const [c, d] = [await textOf(20, 1), await textOf(30, 2)];
    const together = (await target.forward([chain(a, 4, 6), chain(b, 4, 7)], 'best')) as Forward[];
    a.commit(together[0] as Forward, iota(4));
    b.commit(together[1] as Forward, Int32Array.of(0, 1));
    const [one] = (await target.forward([chain(c, 4, 6)], 'best')) as [Forward];
    c.commit(one, iota(4));
    const [two] = (await target.forward([chain(d, 4, 7)], 'best')) as [Forward];
    d.commit(two, Int32Array.of(0, 1));
    for (const [left, right] of [
      [a, c],
      [b, d],
    ] as const) {
      const [x] = (await target.forward([chain(left, 3, 8)], 'logits')) as [Forward];
      const [y] = (await target.forward([chain(right, 3, 8)], 'logits')) as [Forward];
      expectClose(x.logits?.data, y.logits?.data);
    }
  });
});

describe('a pass of one row', () => {
  it('says what a pass of several rows says of its first', async () => {
    const sequence = await textOf(40, 1);
    const [one] = (await target.forward([chain(sequence, 1, 9)], 'logits')) as [Forward];
    const [four] = (await target.forward([chain(sequence, 4, 9)], 'logits')) as [Forward];
    const width = target.hiddenSize;
    expect(one.features.count).toBe(1);
    expectClose(one.features.data, four.features.data.slice(0, width));
    expect(one.best[0]).toBe(four.best[0]);
  });
});

describe('a target', () => {
  it('refuses a sequence that was disposed', async () => {
    const sequence = await textOf(3, 1);
    sequence.dispose();
    const refused = target.forward([chain(sequence, 2, 1)], 'best');
    await expect(refused).rejects.toBeInstanceOf(DisposedError);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('names a pass that gives %d', async (value) => {
    const broken = withFeature(value);
    const sequence = broken.open();
    const refused = broken.forward([chain(sequence, 2, 1)], 'best');
    await expect(refused).rejects.toBeInstanceOf(NonFiniteFeatureError);
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
      const best = { dtype: 'int32' as const, shape: [2], data: new Int32Array(2) };
      return { features, best, keys: cache(), values: cache() };
    },
    dispose: async () => {},
  };
  return createTarget(session, decoder);
}
