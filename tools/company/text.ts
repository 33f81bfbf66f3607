import type { GenerateOptions } from '../../src/contracts/generate.ts';
import type { AxisPositions } from '../../src/contracts/messages.ts';
import type { Sequence, Step, Want } from '../../src/contracts/target.ts';
import { onAllAxes } from '../../src/decode/draft-rows.ts';
import { chunkStep } from '../../src/engine/answer/chunk-step.ts';
import type { PreparedPrompt } from '../../src/engine/answer/read-prompt.ts';
import { consecutive } from '../../src/model/consecutive.ts';
import { prepareRequest } from '../parity/prepare-request.ts';
import type { Network } from './network.ts';

/** A prompt with its pictures, and tokens that somebody wrote behind it. */
export interface Text extends PreparedPrompt {
  /** Rows of the prompt. The rest are words, which may stand in trees. */
  readonly promptRows: number;
}

/** Most rows of a text. The smallest context has 512. */
const MOST_ROWS = 440;
/** Written tokens, so that trees cross the borders of blocks. */
const WRITTEN = 80;

/** The same prompt with two different continuations; none where it is too long. */
export async function textsOf(
  { host, model }: Pick<Network, 'host' | 'model'>,
  options: GenerateOptions,
  below: (n: number) => number,
): Promise<Text[]> {
  const prompt = await prepareRequest({ host, model }, options);
  if (prompt.ids.length + WRITTEN > MOST_ROWS) return [];
  const placeholder = model.files.config.imageTokenId;
  const word = () => {
    const id = below(model.info.vocabSize);
    return id === placeholder ? 0 : id;
  };
  return [0, 1].map(() => withWords(prompt, Int32Array.from({ length: WRITTEN }, word)));
}

function withWords(prompt: PreparedPrompt, words: Int32Array): Text {
  const ids = Int32Array.of(...prompt.ids, ...words);
  const { positions } = prompt;
  if (positions === undefined) return { ...prompt, ids, promptRows: prompt.ids.length };
  const highest = Math.max(...positions.time, ...positions.height, ...positions.width);
  const behind = consecutive(words.length, highest + 1);
  const join = (axis: Int32Array) => Int32Array.of(...axis, ...behind);
  const { time, height, width } = positions;
  const all = { time: join(time), height: join(height), width: join(width) };
  return { ...prompt, ids, positions: all, promptRows: prompt.ids.length };
}

/** Rows `from` to `to` as a chain behind the committed ones. */
export function chainStep(
  sequence: Sequence,
  text: Text,
  to: number,
  heads: Int32Array,
  want: Want,
): Step {
  return { ...chunkStep(sequence, text, sequence.length, to, want), heads };
}

/** A tree's nodes as rows behind the committed ones. */
export function treeRows(
  sequence: Sequence,
  tokens: Int32Array,
  parents: Int32Array,
  want: Want,
): Step {
  const depths = new Int32Array(parents.length);
  for (const [node, parent] of parents.entries()) {
    if (parent >= 0) depths[node] = (depths[parent] as number) + 1;
  }
  return {
    ...{ sequence, ids: tokens, parents, want },
    positions: onAllAxes(depths.map((depth) => sequence.nextPosition + depth)),
    heads: consecutive(parents.length),
  };
}

/** Positions of some rows; the places where the model knows no other. */
export function positionsOf({ positions }: Text, from: number, to: number): AxisPositions {
  if (positions === undefined) return onAllAxes(consecutive(to - from, from));
  const { time, height, width } = positions;
  return {
    time: time.slice(from, to),
    height: height.slice(from, to),
    width: width.slice(from, to),
  };
}
