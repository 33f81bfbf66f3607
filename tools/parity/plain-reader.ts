import type { Step, Target } from '../../src/contracts/target.ts';
import { mostLikely } from '../../src/decode/probabilities.ts';
import { rootTree } from '../../src/decode/tree-shape.ts';
import { treeStep } from '../../src/decode/tree-step.ts';
import type { PreparedPrompt } from '../../src/engine/answer/read-prompt.ts';
import { promptStep } from './prompt-rows.ts';

/** Plain decoding by hand: one token a pass, whichever token one gives it. */
export interface PlainReader {
  /** Of the token that comes next [V]. */
  readonly logits: Float32Array;
  /** Its position. */
  readonly position: number;
  read(id: number): Promise<void>;
  close(): void;
}

export async function openPlainReader(
  target: Target,
  prompt: PreparedPrompt,
): Promise<PlainReader> {
  const sequence = target.open();
  const run = async (step: Step) => {
    const [forward] = await target.forward([step]);
    if (forward?.logits === undefined) throw new Error('the pass gave no logits');
    sequence.commit(
      forward,
      step.ids.map((_, row) => row),
    );
    return forward.logits.data;
  };
  const { length } = prompt.ids;
  let logits = await run(promptStep(sequence, prompt, length, 'logits'));
  return {
    get logits() {
      return logits;
    },
    get position() {
      return sequence.length;
    },
    async read(id) {
      logits = await run(treeStep(sequence, rootTree(id), sequence.length, 'logits'));
    },
    close: () => sequence.dispose(),
  };
}

/** The first `count` tokens of plain greedy decoding, end token or not. */
export async function plainIds(
  target: Target,
  prompt: PreparedPrompt,
  count: number,
): Promise<number[]> {
  const reader = await openPlainReader(target, prompt);
  const ids = [mostLikely(reader.logits)];
  while (ids.length < count) {
    await reader.read(ids.at(-1) as number);
    ids.push(mostLikely(reader.logits));
  }
  reader.close();
  return ids;
}
