/** What a trained draft is worth: tokens per pass of held-out prompts, and time against plain decoding. */
import type { Drafter } from '../../contracts/drafter.ts';
import { resolveOptions } from '../../engine/answer/resolve-options.ts';
import { readPictures } from '../../engine/border/read-pictures.ts';
import { engineOf } from '../../engine/engine.ts';
import { openDrafters } from '../../engine/load/drafters.ts';
import { quantile } from '../../evaluate/spread.ts';
import { readPicture } from '../../input/node/read-picture.ts';
import type { Dialogue } from '../data/dialogue.ts';
import { type Decoded, decodeDialogues, firstQuestion } from '../draft/decode-dialogues.ts';
import type { OpenDrafter } from '../draft/draft-teaching.ts';
import type { DraftContext } from '../draft/open-draft-training.ts';

export interface ArmMeasure {
  /** One for each prompt. */
  readonly decoded: readonly Decoded[];
  /** Plain decoding's time over the draft's, one for each of the timed prompts. */
  readonly speedUps: readonly number[];
}

/** The published tree: 59 nodes with the root, 5 levels beyond the first, 10 candidates a node. */
const COUNTED_TREE = { total: 59, depth: 5, topK: 10 };
/** The tree that is timed: small, as suits a target whose pass is cheap. */
export const TIMED_TREE = { total: 8, depth: 5, topK: 2 };
/** Pairs of a prompt; the median counts. */
const REPEATS = 3;

/** Runs a trained draft over prompts, the first `timed` of them against plain decoding in turns. */
export async function measureArm(
  { host, model }: Pick<DraftContext, 'host' | 'model'>,
  { drafter }: Pick<OpenDrafter, 'drafter'>,
  prompts: readonly Dialogue[],
  timed: number,
): Promise<ArmMeasure> {
  const decoded = await decodeDialogues(prompts, { host, model, drafter, tree: COUNTED_TREE });
  const plain = await model.drafters.get('none');
  const drafters = openDrafters([drafter, plain]);
  const engine = engineOf(host, { ...model, drafters, dispose: async () => {} });
  const time = async (dialogue: Dialogue, { name }: Drafter): Promise<number> => {
    const messages = firstQuestion(dialogue);
    const settings = { messages, maxTokens: 64, drafter: name, tree: TIMED_TREE };
    const asked = resolveOptions(settings, [drafter.name, plain.name]);
    const request = await readPictures(asked, readPicture);
    const began = host.clock();
    await engine.generate(request, () => {});
    return host.clock() - began;
  };
  const speedUps: number[] = [];
  try {
    for (const dialogue of prompts.slice(0, timed)) {
      const ratios: number[] = [];
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        const spoken = await time(dialogue, plain);
        ratios.push(spoken / (await time(dialogue, drafter)));
      }
      speedUps.push(quantile(ratios, 0.5));
    }
  } finally {
    await engine.dispose();
  }
  return { decoded, speedUps };
}
