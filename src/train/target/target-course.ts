import { floatsOf } from '../../contracts/session.ts';
import type { Host } from '../../engine/host.ts';
import type { Inputs } from '../../engine/model.ts';
import { readPicture } from '../../input/node/read-picture.ts';
import { createDraws } from '../curriculum/draw.ts';
import type { TokenisedDialogue } from '../data/dialogue.ts';
import type { ByKind, Material, ReadDialogue } from '../data/read-material.ts';
import { llavaOnly } from '../llava-only.ts';
import type { Course, PreparedStep } from '../loop/course.ts';
import { groupByLength } from '../network/groups.ts';
import type { Learner } from '../network/learner.ts';
import { rateAt } from '../optimise/rate.ts';
import type { ValidationFigures } from '../run/records.ts';
import { isAdapter } from './adapters.ts';
import { partOf } from './parts.ts';
import { publishTarget } from './publish-target.ts';
import { createTargetBatch } from './target-batch.ts';
import type { TargetTraining } from './target-config.ts';
import { type TargetExample, taughtRows } from './target-feeds.ts';
import { createTargetLearning, type TargetWeights } from './target-learning.ts';

export interface TargetSetup {
  readonly host: Host;
  readonly model: Pick<Inputs, 'files' | 'pictures'>;
  /** The folder that the target began as. */
  readonly from: string;
  readonly material: Pick<Material, 'training' | 'validation'>;
  readonly taken: TargetWeights;
  readonly learner: Learner;
  readonly config: TargetTraining;
  readonly steps: number;
}

/** Dialogues judged in one go. */
const BATCH = 32;

/** Training of a target: cross-entropy of the replies' tokens (Liu et al., 2023: stage 1 the projector, stage 2 more). */
export async function createTargetCourse(setup: TargetSetup): Promise<Course> {
  const { host, model, material, taken, learner, config, steps, from } = setup;
  const target = llavaOnly(model.files.config);
  const networks = await createTargetLearning(target, taken, learner, config, host.openSession);
  const batchOf = createTargetBatch(target, config.maxRows);
  const { seed, batch } = config;
  const { text, visual } = material.training;
  const share = visualShare(config, material.training, networks.learnsFromText);
  const counts = { text: text.length, visual: visual.length };
  const draw = createDraws({ seed, batch, ...counts, shareAt: () => share });

  const exampleOf = async ({ tokens }: ReadDialogue): Promise<TargetExample> => {
    const pixels: Float32Array[] = [];
    for (const image of tokens.images) {
      const feeds = model.pictures?.feeds(await host.decodeImage(await readPicture(image))) ?? {};
      pixels.push(floatsOf(feeds, 'pixels'));
    }
    return { ...tokens, pixels };
  };
  async function examplesOf(dialogues: readonly ReadDialogue[]): Promise<TargetExample[]> {
    const examples: TargetExample[] = [];
    for (const dialogue of dialogues) examples.push(await exampleOf(dialogue));
    return examples;
  }
  const drawn = (step: number): ReadDialogue[] =>
    draw(step).map(({ kind, index }) => (kind === 'text' ? text : visual)[index] as ReadDialogue);
  async function prepare(step: number): Promise<PreparedStep> {
    const dialogues = drawn(step);
    const prepared = batchOf(await examplesOf(dialogues));
    const { judged, rows } = prepared;
    return {
      runs: networks.runsOf(prepared),
      places: dialogues.map(({ dialogue }) => dialogue.place),
      describe: ({ sums }) => ({
        loss: sums.loss as number,
        tokenLoss: sums.loss as number,
        scheduledShare: share,
        multimodalShare: dialogues.filter(({ tokens }) => tokens.images.length > 0).length / batch,
        replyTokens: judged,
        rows,
      }),
    };
  }
  async function judgeAll(held: readonly ReadDialogue[]) {
    let [sum, tokens] = [0, 0];
    for (let first = 0; first < held.length; first += BATCH) {
      const prepared = batchOf(await examplesOf(held.slice(first, first + BATCH)));
      sum += (await networks.judge(prepared)) * prepared.judged;
      tokens += prepared.judged;
    }
    return { dialogues: held.length, sum, tokens };
  }
  async function validate() {
    const { text, visual } = material.validation;
    const [ofText, ofVisual] = [await judgeAll(text), await judgeAll(visual)];
    return {
      all: figuresOf([ofText, ofVisual]),
      ...(text.length > 0 && { text: figuresOf([ofText]) }),
      ...(visual.length > 0 && { visual: figuresOf([ofVisual]) }),
    };
  }

  /** How many runs a step with these dialogues takes, and the bytes of the largest of each kind. */
  function runsOf(dialogues: readonly TokenisedDialogue[]) {
    const ofKind = (kind: 'text' | 'visual'): number[] => {
      const some = dialogues.filter(({ images }) => images.length > 0 === (kind === 'visual'));
      const lengths = some.map(({ ids }) => ids.length - 1);
      return groupByLength(lengths, config.maxRows).map(({ members, length }) => {
        const group = members.map((member) => some[member] as TokenisedDialogue);
        const total = (of: (dialogue: TokenisedDialogue) => number) =>
          group.reduce((sum, dialogue) => sum + of(dialogue), 0);
        return networks.runBytes(kind, {
          b: members.length,
          n: length,
          r: members.length * length,
          w: total((dialogue) => taughtRows(dialogue).length),
          p: total(({ images }) => images.length),
        });
      });
    };
    const bytes = { text: ofKind('text'), visual: ofKind('visual') };
    return {
      runs: bytes.text.length + bytes.visual.length,
      runBytes: { text: Math.max(0, ...bytes.text), visual: Math.max(0, ...bytes.visual) },
    };
  }

  const { betas, eps, weightDecay, clip } = config.optimiser;
  const rateOf = targetRate(config, steps);
  const peaks = Object.values(config.learn).filter((peak) => peak !== undefined);
  return {
    steps,
    learner,
    adam: { betas, eps, weightDecay },
    clip,
    rate: (weight, step) => {
      const peak = isAdapter(weight) ? config.learn.adapters : config.learn[partOf(weight)];
      return rateOf(step, peak as number);
    },
    peakRate: (step) => rateOf(step, Math.max(...peaks)),
    outline: (step) => {
      const dialogues = drawn(step).map(({ tokens }) => tokens);
      return {
        replyTokens: dialogues.reduce((sum, tokens) => sum + taughtRows(tokens).length, 0),
        rows: dialogues.reduce((sum, { ids }) => sum + ids.length - 1, 0),
        ...runsOf(dialogues),
      };
    },
    prepare,
    validate,
    publish: (dir) => publishTarget(dir, from, taken, config),
    dispose: networks.dispose,
  };
}

function targetRate({ optimiser }: TargetTraining, steps: number) {
  const { schedule, warmup = Math.max(1, Math.round(0.03 * steps)), floor } = optimiser;
  return (step: number, peak: number): number =>
    rateAt(step, steps, { peak, schedule, warmup, floor });
}

/** As asked for, or as in the data; 1 where only dialogues with pictures teach. */
function visualShare(
  { visualShare: asked }: TargetTraining,
  { text, visual }: ByKind,
  learnsFromText: boolean,
): number {
  if (!learnsFromText) return 1;
  return asked ?? visual.length / (text.length + visual.length);
}

function figuresOf(
  tallies: readonly { readonly dialogues: number; readonly sum: number; readonly tokens: number }[],
): ValidationFigures {
  const total = (of: 'dialogues' | 'sum' | 'tokens') =>
    tallies.reduce((sum, tally) => sum + tally[of], 0);
  const loss = total('sum') / Math.max(1, total('tokens'));
  return { dialogues: total('dialogues'), loss, tokenLoss: loss };
}
