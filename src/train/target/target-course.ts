import type { PictureReader } from '../../contracts/image.ts';
import type { PictureSpan } from '../../contracts/messages.ts';
import type { Feeds } from '../../contracts/session.ts';
import type { Host } from '../../engine/host.ts';
import { readFloats } from '../../formats/read-tensor.ts';
import { readPicture } from '../../input/node/read-picture.ts';
import { groupByLength } from '../../learn/groups.ts';
import type { Learner } from '../../learn/learner.ts';
import { rateAt } from '../../learn/optimise/rate.ts';
import type { Part } from '../../learn/target/parts.ts';
import type { TargetWeights } from '../../learn/target/take-weights.ts';
import { createTargetBatch } from '../../learn/target/target-batch.ts';
import { type TargetExample, taughtRows } from '../../learn/target/target-feeds.ts';
import { createTargetLearning } from '../../learn/target/target-learning.ts';
import type { TargetNetworks } from '../../learn/target/target-networks.ts';
import { createDraws } from '../curriculum/draw.ts';
import type { TokenisedDialogue } from '../data/dialogue.ts';
import type { ByKind, Material, ReadDialogue } from '../data/read-material.ts';
import type { Course, PreparedStep } from '../loop/course.ts';
import type { ValidationFigures } from '../run/records.ts';
import { publishTarget } from './publish-target.ts';
import type { TargetTraining } from './target-config.ts';

export interface TargetSetup {
  readonly host: Host;
  readonly networks: TargetNetworks;
  readonly pictures: PictureReader | null;
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
  const { host, networks, material, taken, learner, config, steps, from } = setup;
  const learning = await createTargetLearning(networks, taken, {
    ...config,
    openSession: host.openSession,
    read: readFloats,
  });
  const batchOf = createTargetBatch(networks.decoder, config.maxRows);
  const { seed, batch } = config;
  const { text, visual } = material.training;
  const share = visualShare(config, material.training, learning.learnsFromText);
  const counts = { text: text.length, visual: visual.length };
  const draw = createDraws({ seed, batch, ...counts, shareAt: () => share });

  const feedsOf = async (image: string): Promise<Feeds> =>
    setup.pictures?.feeds(await host.decodeImage(await readPicture(image), setup.pictures)) ?? {};
  const exampleOf = async ({ tokens }: ReadDialogue): Promise<TargetExample> => {
    const pictures: Feeds[] = [];
    for (const image of tokens.images) pictures.push(await feedsOf(image));
    return { ...tokens, pictures };
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
      runs: learning.runsOf(prepared),
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
      sum += (await learning.judge(prepared)) * prepared.judged;
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

  const image = largestPicture(material.training.visual);
  const largest = image === undefined ? {} : await feedsOf(image);

  /** How many runs a step with these dialogues takes, and the bytes of the largest of each network. */
  function runsOf(dialogues: readonly TokenisedDialogue[]) {
    const ofKind = (kind: 'text' | 'visual') => {
      const some = dialogues.filter(({ images }) => images.length > 0 === (kind === 'visual'));
      const lengths = some.map(({ ids }) => ids.length - 1);
      return groupByLength(lengths, config.maxRows).map(({ members, length }) => {
        const group = members.map((member) => some[member] as TokenisedDialogue);
        const total = (of: (dialogue: TokenisedDialogue) => number) =>
          group.reduce((sum, dialogue) => sum + of(dialogue), 0);
        const decoder = learning.decoderBytes(kind, {
          b: members.length,
          n: length,
          r: members.length * length,
          w: total((dialogue) => taughtRows(dialogue).length),
          m: total(({ spans }) => embeddingsOf(spans)),
        });
        const pictures = total(({ images }) => images.length);
        return { decoder, tower: pictures > 0 ? learning.towerBytes(largest, pictures) : 0 };
      });
    };
    const [text, visual] = [ofKind('text'), ofKind('visual')];
    return {
      runs: text.length + visual.length,
      runBytes: {
        text: Math.max(0, ...text.map(({ decoder }) => decoder)),
        visual: Math.max(0, ...visual.map(({ decoder }) => decoder)),
        tower: Math.max(0, ...visual.map(({ tower }) => tower)),
      },
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
      const part = taken.partOf.get(weight) as Part | 'adapters';
      return rateOf(step, config.learn[part] as number);
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
    publishes: 'last',
    publish: (dir) => publishTarget(dir, from, taken, config),
    dispose: learning.dispose,
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

/** The picture that becomes the most embeddings. */
function largestPicture(dialogues: readonly ReadDialogue[]): string | undefined {
  let largest: { readonly image: string | undefined; readonly count: number } | undefined;
  for (const { images, spans } of dialogues.map(({ tokens }) => tokens)) {
    for (const [index, image] of images.entries()) {
      const count = embeddingsOf(spans.filter(({ picture }) => picture === index));
      if (count > (largest?.count ?? 0)) largest = { image, count };
    }
  }
  return largest?.image;
}

const embeddingsOf = (spans: readonly PictureSpan[]): number =>
  spans.reduce((sum, { length }) => sum + length, 0);
