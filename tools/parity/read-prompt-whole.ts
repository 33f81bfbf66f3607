import type { DraftRows } from '../../src/contracts/drafter.ts';
import type { Sequence, Target } from '../../src/contracts/target.ts';
import type { PreparedPrompt } from '../../src/engine/answer/read-prompt.ts';
import { promptDraftRows, promptStep } from './prompt-rows.ts';

/** A prompt in the target's cache, the greedy token after it, and what a draft is to read. */
export interface ReadPrompt {
  readonly sequence: Sequence;
  readonly first: number;
  readonly rows: DraftRows;
}

/** Reads a prompt in one pass. */
export async function readPromptWhole(target: Target, prompt: PreparedPrompt): Promise<ReadPrompt> {
  const sequence = target.open();
  const { length } = prompt.ids;
  const [forward] = await target.forward([promptStep(sequence, prompt, length, 'best')]);
  if (forward === undefined) throw new Error('a pass gives one forward a step');
  sequence.commit(
    forward,
    prompt.ids.map((_, row) => row),
  );
  const first = forward.best[0] as number;
  return { sequence, first, rows: promptDraftRows(prompt, 0, forward.rows, first) };
}
