import type { WeightRef } from '../../../contracts/checkpoint.ts';
import { openBlockDrafter } from '../../../draft/block-drafter.ts';
import { blockDraftConfigJson } from '../../../families/block-draft-config.ts';
import { blockDraftShapes } from '../../../families/block-draft-layout.ts';
import { decoderOf } from '../../../families/families.ts';
import { drawAnchors, taughtSlots } from '../../../learn/draft/block/anchors.ts';
import {
  type BlockExample,
  blockGroups,
  createBlockBatch,
} from '../../../learn/draft/block/block-batch.ts';
import { createBlockLearning } from '../../../learn/draft/block/block-learning.ts';
import { lossShares } from '../../../learn/draft/block/loss-shares.ts';
import { runOf } from '../../../learn/learner.ts';
import type { MarkedText } from '../../../learn/marked-text.ts';
import type { DraftSetup } from '../draft-setup.ts';
import type { DraftLesson, DraftTeaching } from '../draft-teaching.ts';
import { publishDraft } from '../publish-draft.ts';
import { beginBlock } from './begin-block.ts';
import { blockObjective } from './block-settings.ts';

/** Held-out dialogues are judged at the same anchors whatever the seed. */
const HELD_OUT_SEED = 0;
/** Of the run: no loss is passing over into another. */
const END = 1;

/** A block draft: blocks stand at some places of each dialogue, and guess all that follows at once. */
export async function teachBlock(setup: DraftSetup): Promise<DraftTeaching> {
  const { host, model, material, config: settings } = setup;
  const { files } = model;
  const { maxRows, seed } = settings;
  const { embedding, head } = decoderOf(files);
  const { config, weights } = await beginBlock(settings, files.config, material);
  const tensors = new Map<string, WeightRef>();
  for (const [name, shape] of blockDraftShapes(config)) {
    tensors.set(name, { name, dtype: 'F32', shape, data: weights.get(name) as Float32Array });
  }
  const objective = blockObjective(settings);
  const learned = { tensors, table: embedding, head };
  const networks = await createBlockLearning(config, learned, host.openSession);
  const batchOf = createBlockBatch(config, maxRows);
  const anchorsOf = (text: MarkedText, place: number, own = seed) =>
    drawAnchors(text, objective.anchors, own, place);
  const exampleOf = (
    { dialogue, place, features, read, visual }: DraftLesson,
    own?: number,
  ): BlockExample => ({
    ...dialogue,
    anchors: anchorsOf(dialogue, place, own),
    features,
    read,
    ...(visual && { visual }),
  });
  return {
    weights,
    reads: [],
    hiddenSize: config.hiddenSize,
    prepare(lessons, done) {
      const { groups, judged, rows } = batchOf(lessons.map((lesson) => exampleOf(lesson)));
      const shares = lossShares(objective, done);
      const slots = judged.reduce((sum, { slot }) => sum + slot.length, 0);
      return {
        runs: groups.map((feeds) => runOf(networks.learning, { ...feeds, ...shares })),
        rows,
        // Answers of one token have no place for a block: of a batch of them nothing is run.
        describe: ({
          loss = 0,
          token_loss = 0,
          variation = 0,
          confidence_loss = 0,
          agreeing = 0,
        }) => ({
          loss,
          tokenLoss: token_loss,
          variation,
          confidenceLoss: confidence_loss,
          agreement: agreeing / Math.max(1, slots),
        }),
      };
    },
    outline(dialogues, first) {
      const anchors = dialogues.map((dialogue, index) => anchorsOf(dialogue, first + index));
      const bytes = blockGroups(anchors, config.slots, maxRows).map(
        ({ members, contextRows: n, blocks: a }) => {
          const b = members.length;
          const judged = members.reduce((sum, member) => {
            const text = dialogues[member] as MarkedText;
            const own = anchors[member] as Int32Array;
            return own.reduce((all, at) => all + taughtSlots(text, at, config.slots), sum);
          }, 0);
          const s = b * a * config.slots;
          return networks.runBytes({ b, n, a, r: b * n, blocks: b * a, s, w: judged });
        },
      );
      const rows = anchors.reduce(
        (sum, own) => sum + (own.at(-1) ?? 0) + own.length * config.slots,
        0,
      );
      return { rows, runs: bytes.length, runBytes: Math.max(0, ...bytes) };
    },
    async judge(lessons) {
      const batch = batchOf(lessons.map((lesson) => exampleOf(lesson, HELD_OUT_SEED)));
      const { losses, rows, agreeing } = await networks.judge(batch, lossShares(objective, END));
      const sum = (mean: number) => mean * batch.weight;
      return {
        dialogues: lessons.length,
        weight: batch.weight,
        losses: {
          loss: sum(losses.loss),
          tokenLoss: sum(losses.token_loss),
          variation: sum(losses.variation),
          confidenceLoss: sum(losses.confidence_loss),
        },
        rows,
        agreeing,
      };
    },
    async openDrafter() {
      const placing = 'published'; // what a block draft knows of positions is in its config
      const parts = { method: 'block', config, tensors, embedding, head, placing } as const;
      let dispose = async () => {};
      const context = { target: model.target, imageTokenId: files.config.imageTokenId };
      const drafter = await openBlockDrafter('in training', context, parts, async (graph) => {
        const session = await host.openSession(graph);
        dispose = () => session.dispose();
        return session;
      });
      return { drafter, dispose: () => dispose() };
    },
    publishes: 'best',
    publish: (dir) =>
      publishDraft(dir, blockDraftConfigJson(config), blockDraftShapes(config), {
        weights: tensors,
        dtype: settings.publish.dtype,
      }),
    dispose: networks.dispose,
  };
}
