import type { BlockDraftConfig } from '../../../../contracts/block-draft.ts';
import type { TensorRef } from '../../../../contracts/checkpoint.ts';
import type { Feeds } from '../../../../contracts/session.ts';
import { blockDraftShapes } from '../../../../families/block-draft-layout.ts';
import { fedRefs, stream } from '../../../../graph/testing/random-network.ts';
import { SIZES } from '../../../../model/testing/random-llama.ts';
import { type BlockExample, createBlockBatch } from '../block-batch.ts';
import type { BlockTensors } from '../block-loss.ts';

export const RANDOM_BLOCK: BlockDraftConfig = {
  ...SIZES,
  ...{ family: 'llava', kvHeads: 2, slots: 3, rank: 5, fusion: 'decoupled' },
  headTokenIds: Array.from({ length: 25 }, (_, place) => 2 * place),
};

const { hiddenSize: H, vocabSize: V } = SIZES;

/** A block draft's tensors, and its target's words, of no file. */
export function randomBlockRefs(config = RANDOM_BLOCK): BlockTensors {
  const refs = fedRefs([...blockDraftShapes(config), ['table', [V, H]], ['head', [V, H]]]);
  const [table, head] = [refs.get('table'), refs.get('head')] as [TensorRef, TensorRef];
  return { tensors: refs, table, head };
}

/** Two dialogues: one whose last word nobody read, one with fewer blocks and two visual tokens above each other. */
export function randomExamples(seed: number): BlockExample[] {
  const random = stream(seed);
  const floats = (count: number) => Float32Array.from({ length: count }, () => 3 * random() - 1.5);
  const example = (rows: number, anchors: readonly number[]): BlockExample => ({
    ids: Int32Array.from({ length: rows }, () => Math.floor(random() * V)),
    reply: Uint8Array.from({ length: rows }, (_, p) => Number(p >= 4)),
    anchors: Int32Array.from(anchors),
    features: { data: floats(rows * H), count: rows, width: H },
    read: floats(rows * H),
  });
  const visual = {
    embeddings: { data: floats(2 * H), count: 2, width: H },
    slots: Int32Array.of(1, 2),
  };
  const positions = {
    time: Int32Array.of(0, 1, 1, 3, 4, 5, 6, 7),
    height: Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7),
    width: Int32Array.of(0, 1, 1, 3, 4, 5, 6, 7),
  };
  return [
    { ...example(8, [4, 6]), end: Math.floor(random() * V) },
    { ...example(8, [5]), visual, positions },
  ];
}

/** Feeds of both dialogues in one group, but for the shares of the losses. */
export function randomBlockFeeds(config: BlockDraftConfig, seed: number): Feeds {
  const { groups } = createBlockBatch(config, 1000)(randomExamples(seed));
  return groups[0] as Feeds;
}
