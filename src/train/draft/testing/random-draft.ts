import { draftShapes } from '../../../checkpoint/drafts/draft.ts';
import type { DraftConfig, TensorRef } from '../../../contracts/checkpoint.ts';
import { floatTensor, type Tensor } from '../../../contracts/session.ts';
import { fedRefs, stream } from '../../../graph/testing/random-network.ts';
import { SIZES } from '../../../model/testing/random-llama.ts';
import { createBatchFeeds } from '../../network/batch-feeds.ts';
import { type DraftExample, draftFeeds } from '../draft-feeds.ts';

export const RANDOM_DRAFT: DraftConfig = { family: 'llava', ...SIZES, kvHeads: 2, fcBias: true };
/** Dialogues of a batch, and rows of each. */
export const BATCH = 2;
export const ROWS = 6;

const { hiddenSize: H, vocabSize: V } = SIZES;

/** A draft's tensors and its target's head, of no file. */
export const randomDraftRefs = (): Map<string, TensorRef> =>
  fedRefs([...draftShapes(RANDOM_DRAFT), ['head', [V, H]]]);

/** Feeds of two dialogues, one shorter and with two visual tokens. */
export function randomDraftFeeds(depths: number, seed: number): Record<string, Tensor> {
  const random = stream(seed);
  const floats = (count: number) => Float32Array.from({ length: count }, () => 3 * random() - 1.5);
  const example = (rows: number): DraftExample => ({
    ids: Int32Array.from({ length: rows + 1 }, () => Math.floor(random() * V)),
    reply: Uint8Array.from({ length: rows + 1 }, (_, p) => Number(p >= 2)),
    features: { data: floats((rows + 1) * H), count: rows + 1, width: H },
    read: floats((rows + 1) * H),
  });
  const visual = {
    embeddings: { data: floats(2 * H), count: 2, width: H },
    slots: Int32Array.of(1, 2),
  };
  const examples = [example(ROWS), { ...example(ROWS - 1), visual }];
  const group = { members: [0, 1], length: ROWS };
  const judged = draftFeeds(examples, group, { hiddenSize: H, depths });
  const shares = Array.from({ length: depths }, (_, i): [string, Tensor] => {
    const count = (judged[`heads_${i + 1}`] as Tensor).data.length;
    return [`share_${i + 1}`, floatTensor(Float32Array.of(1 / count), [1])];
  });
  return {
    ...judged,
    ...createBatchFeeds(RANDOM_DRAFT)(BATCH, ROWS),
    ...Object.fromEntries(shares),
  };
}
