import type { DraftConfig, TensorRef } from '../../../../contracts/checkpoint.ts';
import { type Feeds, floatTensor, type Tensor } from '../../../../contracts/session.ts';
import { draftShapes } from '../../../../families/draft-layout.ts';
import { fedRefs, stream } from '../../../../graph/testing/random-network.ts';
import { SIZES } from '../../../../model/testing/random-llama.ts';
import { createDraftBatch } from '../draft-batch.ts';
import type { DraftExample } from '../draft-feeds.ts';
import type { DraftObjective } from '../draft-loss.ts';

export const RANDOM_DRAFT: DraftConfig = { family: 'llava', ...SIZES, kvHeads: 2, fcBias: true };
/** Dialogues of a batch, and rows of each. */
export const BATCH = 2;
export const ROWS = 6;

const { hiddenSize: H, vocabSize: V } = SIZES;

/** A draft's tensors and its target's head, of no file. */
export const randomDraftRefs = (config = RANDOM_DRAFT): Map<string, TensorRef> =>
  fedRefs([...draftShapes(config), ['head', [V, H]]]);

/** Feeds of two dialogues, one shorter and with two visual tokens that lie above each other. */
export function randomDraftFeeds(
  config: DraftConfig,
  objective: Pick<DraftObjective, 'depths' | 'placing'>,
  seed: number,
): Feeds {
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
  const positions = {
    time: Int32Array.of(0, 1, 1, 3, 4, 5),
    height: Int32Array.of(0, 1, 2, 3, 4, 5),
    width: Int32Array.of(0, 1, 1, 3, 4, 5),
  };
  const examples = [example(ROWS), { ...example(ROWS - 1), visual, positions }];
  const [feeds] = createDraftBatch(config, objective, BATCH * ROWS)(examples).groups as [Feeds];
  const shares = Array.from({ length: objective.depths }, (_, i): [string, Tensor] => {
    const count = (feeds[`heads_${i + 1}`] as Tensor).data.length;
    return [`share_${i + 1}`, floatTensor(Float32Array.of(1 / count), [1])];
  });
  return { ...feeds, ...Object.fromEntries(shares) };
}
