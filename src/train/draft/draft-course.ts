import { createDraftBatch } from '../../learn/draft/draft-batch.ts';
import { type DraftExample, judgedRows } from '../../learn/draft/draft-feeds.ts';
import { createDraftLearning } from '../../learn/draft/draft-learning.ts';
import { withNoise } from '../../learn/draft/noise.ts';
import { groupByLength } from '../../learn/groups.ts';
import { runOf } from '../../learn/learner.ts';
import { defaultWarmup, rateAt } from '../../learn/optimise/rate.ts';
import { createDraws, type Draw } from '../curriculum/draw.ts';
import { multimodalShare } from '../curriculum/share.ts';
import type { TokenisedDialogue } from '../data/dialogue.ts';
import type { ReadDialogue } from '../data/read-material.ts';
import type { Course, PreparedStep } from '../loop/course.ts';
import type { DraftTraining } from './draft-config.ts';
import type { DraftSetup } from './draft-setup.ts';
import { validateDraft } from './draft-validation.ts';
import { publishDraft } from './publish-draft.ts';

/** Training of a draft (paper section 3.3): each step reads the target's features of the dialogues it draws. */
export async function createDraftCourse(setup: DraftSetup): Promise<Course> {
  const { host, model, weights, objective, featureSource, material } = setup;
  const { draft, learner, config, steps } = setup;
  const { validation, maxRows, noise, seed, batch } = config;
  const networks = await createDraftLearning(
    draft,
    weights,
    objective,
    validation.depths,
    host.openSession,
  );
  const batchOf = createDraftBatch(draft, objective, maxRows);
  const shareAt = (step: number) => multimodalShare(step, steps, config.curriculum);
  const { text, visual } = material.training;
  const draw = createDraws({ seed, batch, text: text.length, visual: visual.length, shareAt });
  const rateOf = draftRate(config, steps);

  const dialogueOf = ({ kind, index }: Draw): TokenisedDialogue =>
    ((kind === 'text' ? text : visual)[index] as ReadDialogue).tokens;
  async function exampleOf(dialogue: TokenisedDialogue, place: number): Promise<DraftExample> {
    const { features, visual } = await featureSource.read(dialogue);
    const read = withNoise(features.data, features.count, noise, seed, place);
    return { ...dialogue, features, read, ...(visual && { visual }) };
  }
  async function prepare(step: number): Promise<PreparedStep> {
    const draws = draw(step);
    const examples: DraftExample[] = [];
    for (const [place, drawn] of draws.entries()) {
      examples.push(await exampleOf(dialogueOf(drawn), step * batch + place));
    }
    const { groups, judged, rows } = batchOf(examples);
    const replyTokens = judged[0] as number;
    return {
      runs: groups.map((feeds) => runOf(networks.learning, feeds)),
      places: draws.map((drawn) => dialogueOf(drawn).place),
      describe: ({ sums }) => ({
        loss: sums.loss as number,
        featureLoss: sums.feature_loss as number,
        tokenLoss: sums.token_loss as number,
        agreement: (sums.agreeing_1 as number) / Math.max(1, replyTokens),
        scheduledShare: shareAt(step),
        multimodalShare: draws.filter(({ kind }) => kind === 'visual').length / batch,
        replyTokens,
        rows,
      }),
    };
  }

  /** How many runs a step with these dialogues takes, and the bytes of the largest. */
  function runsOf(dialogues: readonly TokenisedDialogue[]) {
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
    return { runs: bytes.length, runBytes: { draft: Math.max(...bytes) } };
  }

  const { betas, eps, weightDecay, clip } = config.optimiser;
  return {
    steps,
    learner,
    adam: { betas, eps, weightDecay },
    clip,
    rate: (_, step) => rateOf(step),
    peakRate: rateOf,
    outline: (step) => {
      const dialogues = draw(step).map(dialogueOf);
      const total = (of: (dialogue: TokenisedDialogue) => number) =>
        dialogues.reduce((sum, dialogue) => sum + of(dialogue), 0);
      return {
        replyTokens: total((dialogue) => judgedRows(dialogue).length),
        rows: total(({ ids }) => ids.length - 1),
        ...runsOf(dialogues),
      };
    },
    prepare,
    validate: (last) => validateDraft(setup, networks.judge, last),
    publish: (dir) => publishDraft(dir, draft, model.files.config, weights.tensors),
    dispose: networks.dispose,
  };
}

/** The learning rate of a step. */
function draftRate({ optimiser }: DraftTraining, steps: number): (step: number) => number {
  const { rate: peak, schedule, warmup = defaultWarmup(steps), floor, decaySteps } = optimiser;
  return (step) => rateAt(step, decaySteps ?? steps, { peak, schedule, warmup, floor });
}
