import type { TreeChoice } from '../../contracts/drafter.ts';
import type { ReadDialogue } from '../data/read-material.ts';
import type { ValidationFigures, ValidationRecord } from '../run/records.ts';
import { type Decoded, decodeDialogues } from './decode-dialogues.ts';
import type { DraftSetup } from './draft-setup.ts';
import {
  type DraftLesson,
  type DraftTally,
  type DraftTeaching,
  LOSS_NAMES,
} from './draft-teaching.ts';

/** Dialogues judged in one go. */
const BATCH = 32;

/** Losses and agreement over all held-out dialogues without noise, and tokens per pass of some of them. */
export async function validateDraft(
  setup: DraftSetup,
  teaching: Pick<DraftTeaching, 'judge' | 'openDrafter'>,
  last: boolean,
): Promise<Omit<ValidationRecord, 'kind' | 'step' | 'seconds'>> {
  const { validation } = setup.material;
  const { decode, decodeAtEnd } = setup.config.validation;
  const tallies = {
    text: await judgeAll(setup, teaching, validation.text),
    visual: await judgeAll(setup, teaching, validation.visual),
  };
  const decoded = await decodeSome(setup, teaching, last ? decodeAtEnd : decode);
  const figures = (kinds: readonly ('text' | 'visual')[]): ValidationFigures =>
    figuresOf(
      kinds.map((kind) => tallies[kind]).reduce(added),
      kinds.flatMap((kind) => decoded[kind]),
    );
  return {
    all: figures(['text', 'visual']),
    ...(validation.text.length > 0 && { text: figures(['text']) }),
    ...(validation.visual.length > 0 && { visual: figures(['visual']) }),
  };
}

const NOTHING: DraftTally = { dialogues: 0, weight: 0, losses: {}, rows: [], agreeing: [] };

async function judgeAll(
  { featureSource }: DraftSetup,
  { judge }: Pick<DraftTeaching, 'judge'>,
  held: readonly ReadDialogue[],
): Promise<DraftTally> {
  let tally = NOTHING;
  for (let from = 0; from < held.length; from += BATCH) {
    const lessons: DraftLesson[] = [];
    for (const [index, { tokens: dialogue }] of held.slice(from, from + BATCH).entries()) {
      const { features, visual } = await featureSource.read(dialogue);
      const known = { features, read: features.data, ...(visual && { visual }) };
      lessons.push({ dialogue, place: from + index, ...known });
    }
    tally = added(tally, await judge(lessons));
  }
  return tally;
}

function added(a: DraftTally, b: DraftTally): DraftTally {
  const each = (x: readonly number[], y: readonly number[]) =>
    Array.from({ length: Math.max(x.length, y.length) }, (_, i) => (x[i] ?? 0) + (y[i] ?? 0));
  const losses: Partial<Record<(typeof LOSS_NAMES)[number], number>> = {};
  for (const name of LOSS_NAMES) {
    const both = [a.losses[name], b.losses[name]].filter((sum) => sum !== undefined);
    if (both.length > 0) losses[name] = both.reduce((sum, part) => sum + part);
  }
  return {
    dialogues: a.dialogues + b.dialogues,
    weight: a.weight + b.weight,
    losses,
    rows: each(a.rows, b.rows),
    agreeing: each(a.agreeing, b.agreeing),
  };
}

function figuresOf(
  { dialogues, weight, losses, rows, agreeing }: DraftTally,
  decoded: readonly Decoded[],
): ValidationFigures {
  const mean = (sum = 0) => (weight > 0 ? sum / weight : 0);
  const passes = decoded.reduce((sum, { passes }) => sum + passes, 0);
  const tokens = decoded.reduce((sum, { tokens }) => sum + tokens, 0);
  const means = Object.fromEntries(Object.entries(losses).map(([name, sum]) => [name, mean(sum)]));
  return {
    loss: mean(losses.loss),
    tokenLoss: mean(losses.tokenLoss),
    ...means,
    dialogues,
    agreement: agreeing.map((count, depth) => count / Math.max(1, rows[depth] ?? 0)),
    ...(passes > 0 && { tokensPerPass: tokens / passes }),
  };
}

/** Runs the decoder with the draft as it is now, on the first held-out dialogues of each kind. */
async function decodeSome(
  { host, model, material, config }: DraftSetup,
  { openDrafter }: Pick<DraftTeaching, 'openDrafter'>,
  count: number,
): Promise<Record<'text' | 'visual', Decoded[]>> {
  if (count === 0) return { text: [], visual: [] };
  const tree = treeOf(config.validation.tree);
  const { drafter, dispose } = await openDrafter();
  try {
    const decode = (held: readonly ReadDialogue[]) =>
      decodeDialogues(
        held.slice(0, count).map(({ dialogue }) => dialogue),
        { host, model, drafter, tree },
      );
    const { text, visual } = material.validation;
    return { text: await decode(text), visual: await decode(visual) };
  } finally {
    await dispose();
  }
}

function treeOf(said: DraftSetup['config']['validation']['tree']): TreeChoice {
  if (typeof said === 'number') return said;
  const [total, depth, topK] = said;
  return { total, depth, topK };
}
