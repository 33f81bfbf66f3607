import { isInMemory } from '../../../contracts/checkpoint.ts';
import { draftShapes } from '../../../families/draft-layout.ts';
import { decoderOf } from '../../../families/families.ts';
import { createDraftBatch } from '../../../learn/draft/msd/draft-batch.ts';
import { type DraftExample, judgedRows } from '../../../learn/draft/msd/draft-feeds.ts';
import { createDraftLearning } from '../../../learn/draft/msd/draft-learning.ts';
import { draftTensors } from '../../../learn/draft/msd/initial-draft.ts';
import { groupByLength } from '../../../learn/groups.ts';
import { runOf } from '../../../learn/learner.ts';
import type { TokenisedDialogue } from '../../data/dialogue.ts';
import type { DraftSetup } from '../draft-setup.ts';
import type { DraftLesson, DraftTeaching } from '../draft-teaching.ts';
import { publishDraft } from '../publish-draft.ts';
import { beginMsd } from './begin-msd.ts';
import { msdConfigJson } from './msd-config-json.ts';
import { msdObjective } from './msd-settings.ts';
import { openMsdDrafter } from './open-msd-drafter.ts';

/** A draft as the paper has it (section 3.3): every row of a dialogue guesses the feature that follows. */
export async function teachMsd(setup: DraftSetup): Promise<DraftTeaching> {
  const { host, model, material, config: settings } = setup;
  const { files } = model;
  const { validation, maxRows } = settings;
  const { embedding, head } = decoderOf(files);
  const objective = msdObjective(settings);
  const begin = await beginMsd(settings, files.config, material, objective.placing, embedding);
  const { config } = begin;
  const tensors = draftTensors(draftShapes(config), begin.embedding, begin.weights);
  const networks = await createDraftLearning(
    config,
    { tensors, head },
    objective,
    validation.depths,
    host.openSession,
  );
  const batchOf = createDraftBatch(config, objective, maxRows);
  const judgedBatch = createDraftBatch(
    config,
    { ...objective, depths: validation.depths },
    maxRows,
  );
  return {
    weights: begin.weights,
    reads: isInMemory(begin.embedding) ? [] : [begin.embedding],
    hiddenSize: config.hiddenSize,
    prepare(lessons) {
      const { groups, judged, rows } = batchOf(lessons.map(exampleOf));
      return {
        runs: groups.map((feeds) => runOf(networks.learning, feeds)),
        rows,
        describe: (sums) => ({
          loss: sums.loss as number,
          featureLoss: sums.feature_loss as number,
          tokenLoss: sums.token_loss as number,
          agreement: (sums.agreeing_1 as number) / Math.max(1, judged[0] as number),
        }),
      };
    },
    outline(dialogues) {
      const lengths = dialogues.map(({ ids }) => ids.length - 1);
      const bytes = groupByLength(lengths, maxRows).map(({ members, length }) => {
        const depths = Math.max(objective.depths, validation.depths);
        const judged = Array.from({ length: depths }, (_, index) => [
          `w${index + 1}`,
          members.reduce((sum, member) => {
            const dialogue = dialogues[member] as TokenisedDialogue;
            return sum + judgedRows(dialogue, index + 1).length;
          }, 0),
        ]);
        const grid = { b: members.length, n: length, r: members.length * length };
        return networks.runBytes({ ...grid, ...Object.fromEntries(judged) });
      });
      const rows = lengths.reduce((sum, length) => sum + length, 0);
      return { rows, runs: bytes.length, runBytes: Math.max(...bytes) };
    },
    async judge(lessons) {
      const batch = judgedBatch(lessons.map(exampleOf));
      const sums = await networks.judge(batch);
      const [first = 0] = batch.judged; // the batch's means, back to sums
      const [feature, token] = [sums.feature_loss as number, sums.token_loss as number];
      const loss = objective.featureWeight * feature + objective.tokenWeight * token;
      return {
        dialogues: lessons.length,
        weight: first,
        losses: { loss: loss * first, featureLoss: feature * first, tokenLoss: token * first },
        rows: batch.judged,
        agreeing: batch.judged.map((_, index) => sums[`agreeing_${index + 1}`] as number),
      };
    },
    openDrafter: () => openMsdDrafter(host, model, config, { tensors, head }, objective),
    publishes: 'last',
    publish: (dir) =>
      publishDraft(dir, msdConfigJson(config, files.config), draftShapes(config), {
        weights: tensors,
        dtype: settings.publish.dtype,
      }),
    dispose: networks.dispose,
  };
}

const exampleOf = ({ dialogue, features, read, visual }: DraftLesson): DraftExample => ({
  ...dialogue,
  features,
  read,
  ...(visual && { visual }),
});
