import { createDraftBatch } from '../../learn/draft/draft-batch.ts';
import type { DraftExample } from '../../learn/draft/draft-feeds.ts';
import type { DraftLearning } from '../../learn/draft/draft-learning.ts';
import type { DraftObjective } from '../../learn/draft/draft-loss.ts';
import type { ReadDialogue } from '../data/read-material.ts';
import type { ValidationFigures, ValidationRecord } from '../run/records.ts';
import { type Decoded, decodeDialogues } from './decode-dialogues.ts';
import type { DraftSetup } from './draft-setup.ts';
import { openDrafter } from './open-drafter.ts';

/** Dialogues judged in one go. */
const BATCH = 32;

/** Losses and agreement over all held-out dialogues without noise, and tokens per pass of some of them. */
export async function validateDraft(
  setup: DraftSetup,
  judge: DraftLearning['judge'],
  last: boolean,
): Promise<Omit<ValidationRecord, 'kind' | 'step' | 'seconds'>> {
  const { validation } = setup.material;
  const { decode, decodeAtEnd } = setup.config.validation;
  const counts = last ? decodeAtEnd : decode;
  const tallies = {
    text: await judgeAll(setup, judge, validation.text),
    visual: await judgeAll(setup, judge, validation.visual),
  };
  const decoded = await decodeSome(setup, counts);
  const figures = (kinds: readonly ('text' | 'visual')[]): ValidationFigures =>
    figuresOf(
      kinds.reduce((sum, kind) => added(sum, tallies[kind]), NOTHING),
      kinds.flatMap((kind) => decoded[kind]),
      setup.objective,
    );
  return {
    all: figures(['text', 'visual']),
    ...(validation.text.length > 0 && { text: figures(['text']) }),
    ...(validation.visual.length > 0 && { visual: figures(['visual']) }),
  };
}

/** Sums over judged rows. */
interface Tally {
  readonly dialogues: number;
  readonly rows: readonly number[]; // [depths]
  readonly agreeing: readonly number[]; // [depths]
  readonly featureLoss: number;
  readonly tokenLoss: number;
}

const NOTHING: Tally = { dialogues: 0, rows: [], agreeing: [], featureLoss: 0, tokenLoss: 0 };

async function judgeAll(
  { featureSource, draft, objective, config }: DraftSetup,
  judge: DraftLearning['judge'],
  held: readonly ReadDialogue[],
): Promise<Tally> {
  const { validation, maxRows } = config;
  const batchOf = createDraftBatch(draft, { ...objective, depths: validation.depths }, maxRows);
  let tally = NOTHING;
  for (let from = 0; from < held.length; from += BATCH) {
    const examples: DraftExample[] = [];
    for (const { tokens } of held.slice(from, from + BATCH)) {
      const { features, visual } = await featureSource.read(tokens);
      examples.push({ ...tokens, features, read: features.data, ...(visual && { visual }) });
    }
    const batch = batchOf(examples);
    const sums = await judge(batch);
    const [first = 0] = batch.judged; // the batch's means, back to sums
    tally = added(tally, {
      dialogues: examples.length,
      rows: batch.judged,
      agreeing: batch.judged.map((_, index) => sums[`agreeing_${index + 1}`] as number),
      featureLoss: (sums.feature_loss as number) * first,
      tokenLoss: (sums.token_loss as number) * first,
    });
  }
  return tally;
}

function added(a: Tally, b: Tally): Tally {
  const each = (x: readonly number[], y: readonly number[]) =>
    Array.from({ length: Math.max(x.length, y.length) }, (_, i) => (x[i] ?? 0) + (y[i] ?? 0));
  return {
    dialogues: a.dialogues + b.dialogues,
    rows: each(a.rows, b.rows),
    agreeing: each(a.agreeing, b.agreeing),
    featureLoss: a.featureLoss + b.featureLoss,
    tokenLoss: a.tokenLoss + b.tokenLoss,
  };
}

function figuresOf(
  { dialogues, rows, agreeing, featureLoss, tokenLoss }: Tally,
  decoded: readonly Decoded[],
  { featureWeight, tokenWeight }: DraftObjective,
): ValidationFigures {
  const judged = Math.max(1, rows[0] ?? 0);
  const [feature, token] = [featureLoss / judged, tokenLoss / judged];
  const passes = decoded.reduce((sum, { passes }) => sum + passes, 0);
  const tokens = decoded.reduce((sum, { tokens }) => sum + tokens, 0);
  return {
    dialogues,
    loss: featureWeight * feature + tokenWeight * token,
    featureLoss: feature,
    tokenLoss: token,
    agreement: agreeing.map((count, depth) => count / Math.max(1, rows[depth] ?? 0)),
    ...(passes > 0 && { tokensPerPass: tokens / passes }),
  };
}

/** Runs the decoder with the draft as it is now, on the first held-out dialogues of each kind. */
async function decodeSome(
  { host, model, draft, weights, objective, material }: DraftSetup,
  count: number,
): Promise<Record<'text' | 'visual', Decoded[]>> {
  if (count === 0) return { text: [], visual: [] };
  const { drafter, dispose } = await openDrafter(host, model, draft, weights, objective);
  try {
    const decode = (held: readonly ReadDialogue[]) =>
      decodeDialogues(
        held.slice(0, count).map(({ dialogue }) => dialogue),
        { host, model, drafter },
      );
    const { text, visual } = material.validation;
    return { text: await decode(text), visual: await decode(visual) };
  } finally {
    await dispose();
  }
}
