import { describe, expect, it } from 'vitest';
import type { Feeds, Tensor } from '../../../contracts/session.ts';
import { type BlockExample, createBlockBatch } from './block-batch.ts';
import { RANDOM_BLOCK, randomExamples } from './testing/random-block.ts';

const H = RANDOM_BLOCK.hiddenSize;
const SLOTS = RANDOM_BLOCK.slots;
const numbers = (feeds: Feeds, name: string) => Array.from((feeds[name] as Tensor).data, Number);

describe('a batch of blocks', () => {
  const examples = randomExamples(1);
  const batchOf = createBlockBatch(RANDOM_BLOCK, 1000);
  const { groups, judged } = batchOf(examples);
  const feeds = groups[0] as Feeds;
  // In the group the shorter one stands first: that with pictures.
  const [ahead, visual] = examples as [BlockExample, BlockExample];

  it('holds as much context as the last block sees, and no more', () => {
    expect(numbers(feeds, 'grid'), 'dialogues, context rows, blocks').toEqual([2, 6, 2]);
    expect(numbers(feeds, 'features').slice(6 * H)).toEqual([...ahead.read.subarray(0, 6 * H)]);
  });

  it('lets a block see what stands before its root, and a missing block nothing', () => {
    const bias = numbers(feeds, 'bias');
    const seen = [0, 1, 2, 3].map(
      (block) => bias.slice(6 * block, 6 * block + 6).filter((number) => number === 0).length,
    );
    expect(seen).toEqual([5, 0, 4, 6]);
    const [first, , ...others] = numbers(feeds, 'roots');
    expect([first, ...others]).toEqual([visual.ids[5], ahead.ids[4], ahead.ids[6]]);
  });

  it('teaches each slot the token that followed, by the feature before it', () => {
    const { slot, block } = judged[0] as { slot: Int32Array; block: Int32Array };
    expect([...slot]).toEqual([0, 1, 0, 1, 2, 0, 1]); // the last guess is of a token that nobody read
    expect([...block]).toEqual([0, 0, 2, 2, 2, 3, 3]);
    const rows = numbers(feeds, 'judged');
    expect(rows).toEqual([...slot].map((s, i) => (block[i] as number) * SLOTS + s));
    const at = (example: BlockExample, ...places: number[]) =>
      places.map((p) => [example, p] as const);
    const all = [...at(visual, 5, 6), ...at(ahead, 4, 5, 6, 6, 7)];
    expect(numbers(feeds, 'before')).toEqual(all.map(([{ ids }, p]) => ids[p]));
    expect(numbers(feeds, 'expected')).toEqual(
      all.flatMap(([{ features }, p]) => [...features.data.subarray(p * H, (p + 1) * H)]),
    );
    const followed = all.map(([{ ids, end }, p]) => ids[p + 1] ?? (end as number));
    const known = numbers(feeds, 'known');
    expect(known, 'the head has the even tokens').toEqual(followed.map((id) => 1 - (id % 2)));
    for (const [i, place] of numbers(feeds, 'labels').entries()) {
      if (known[i] === 1) expect(RANDOM_BLOCK.headTokenIds?.[place]).toBe(followed[i]);
    }
  });

  it('weighs slots by their depth, one in all', () => {
    const weights = numbers(feeds, 'weights');
    expect(weights.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 5);
    expect((weights[1] as number) / (weights[0] as number)).toBeCloseTo(Math.exp(-1 / 4), 5);
  });

  it('puts visual tokens in as embeddings, decoupled, and their features, fused', () => {
    const row = (name: string, from: Feeds) => numbers(from, name).slice(H, 2 * H); // of token 1
    expect(numbers(feeds, 'text')).toEqual([1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    expect(row('visual', feeds)).toEqual([
      ...(visual.visual?.embeddings.data.subarray(0, H) ?? []),
    ]);
    const fused = createBlockBatch({ ...RANDOM_BLOCK, fusion: 'fused' }, 1000)(examples).groups[0];
    expect(fused).not.toHaveProperty('visual');
    expect(row('features', fused as Feeds)).toEqual([...visual.read.subarray(H, 2 * H)]);
  });

  it('leaves out dialogues without a block, and splits at the limit of rows', () => {
    const none = { ...ahead, anchors: Int32Array.of() };
    expect(batchOf([none]).groups).toEqual([]);
    const small = createBlockBatch(RANDOM_BLOCK, 8)(examples);
    expect(small.groups.map(({ grid }) => Number(grid?.data[0]))).toEqual([1, 1]);
  });
});
