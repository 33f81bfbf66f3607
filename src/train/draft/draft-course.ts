import { judgedRows } from '../../learn/draft/msd/draft-feeds.ts';
import { withNoise } from '../../learn/draft/noise.ts';
import { newLearner } from '../../learn/learner.ts';
import { rateAt } from '../../learn/optimise/rate.ts';
import { createDraws, type Draw } from '../curriculum/draw.ts';
import { multimodalShare } from '../curriculum/share.ts';
import type { TokenisedDialogue } from '../data/dialogue.ts';
import type { ReadDialogue } from '../data/read-material.ts';
import type { Course, PreparedStep } from '../loop/course.ts';
import type { DraftSetup } from './draft-setup.ts';
import type { DraftLesson, DraftTeaching } from './draft-teaching.ts';
import { validateDraft } from './draft-validation.ts';
import type { SettledTraining } from './settled-training.ts';

/** Training of a draft (paper section 3.3): each step reads the target's features of the dialogues it draws. */
export function createDraftCourse(setup: DraftSetup, teaching: DraftTeaching): Course {
  const { featureSource, material, config } = setup;
  const { noise, seed, batch, steps } = config;
  const shareAt = (step: number) => multimodalShare(step, steps, config.curriculum);
  const { text, visual } = material.training;
  const draw = createDraws({ seed, batch, text: text.length, visual: visual.length, shareAt });
  const rateOf = draftRate(config);

  const dialogueOf = ({ kind, index }: Draw): TokenisedDialogue =>
    ((kind === 'text' ? text : visual)[index] as ReadDialogue).tokens;
  async function lessonOf(dialogue: TokenisedDialogue, place: number): Promise<DraftLesson> {
    const { features, visual } = await featureSource.read(dialogue);
    const read = withNoise(features.data, features.count, noise, seed, place);
    return { dialogue, place, features, read, ...(visual && { visual }) };
  }
  const replyTokens = (dialogues: readonly TokenisedDialogue[]) =>
    dialogues.reduce((sum, dialogue) => sum + judgedRows(dialogue).length, 0);

  async function prepare(step: number): Promise<PreparedStep> {
    const draws = draw(step);
    const dialogues = draws.map(dialogueOf);
    const lessons: DraftLesson[] = [];
    for (const [place, dialogue] of dialogues.entries()) {
      lessons.push(await lessonOf(dialogue, step * batch + place));
    }
    const { runs, rows, describe } = teaching.prepare(lessons, step / steps);
    return {
      runs,
      places: dialogues.map(({ place }) => place),
      describe: ({ sums }) => ({
        ...describe(sums),
        scheduledShare: shareAt(step),
        multimodalShare: draws.filter(({ kind }) => kind === 'visual').length / batch,
        replyTokens: replyTokens(dialogues),
        rows,
      }),
    };
  }

  const { betas, eps, weightDecay, clip } = config.optimiser;
  return {
    steps,
    learner: newLearner(teaching.weights),
    adam: { betas, eps, weightDecay },
    clip,
    rate: (_, step) => rateOf(step),
    peakRate: rateOf,
    outline: (step) => {
      const dialogues = draw(step).map(dialogueOf);
      const { rows, runs, runBytes } = teaching.outline(dialogues, step * batch);
      return { replyTokens: replyTokens(dialogues), rows, runs, runBytes: { draft: runBytes } };
    },
    prepare,
    validate: (last) => validateDraft(setup, teaching, last),
    publishes: teaching.publishes,
    publish: teaching.publish,
    dispose: teaching.dispose,
  };
}

/** The learning rate of a step. */
function draftRate({ optimiser, steps }: SettledTraining): (step: number) => number {
  const { rate: peak, schedule, warmup, floor, decaySteps } = optimiser;
  return (step) => rateAt(step, decaySteps ?? steps, { peak, schedule, warmup, floor });
}
