import type { Forward, Step, Target } from '../../src/contracts/target.ts';
import { wordPositions } from '../../src/decode/draft-rows.ts';
import { consecutive } from '../../src/model/consecutive.ts';

/** How two models agree on the next token at every place of a text, and how likely each finds the text. */
export interface Judgement {
  /** Places where there was a next token to tell. */
  readonly places: number;
  /** Where both have the same likeliest token. */
  readonly agreed: number;
  /** exp of the mean of -log p(next). */
  readonly perplexities: readonly [number, number];
  /** Mean of KL(first ‖ second), in nats. */
  readonly divergence: number;
}

/** Judges windows of a text, each read from its start. */
export async function judgeText(
  targets: readonly [Target, Target],
  ids: Int32Array,
  window: number,
): Promise<Judgement> {
  let [places, agreed, divergence] = [0, 0, 0];
  const losses: [number, number] = [0, 0];
  for (let start = 0; start + 2 <= ids.length; start += window) {
    const part = ids.subarray(start, start + window);
    const [first, second] = [await read(targets[0], part), await read(targets[1], part)];
    for (let row = 0; row + 1 < part.length; row++) {
      const [p, q] = [logProbs(first, row), logProbs(second, row)];
      const next = part[row + 1] as number;
      losses[0] -= p[next] as number;
      losses[1] -= q[next] as number;
      if (first.best[row] === second.best[row]) agreed += 1;
      for (let i = 0; i < p.length; i++) {
        const log = p[i] as number;
        divergence += Math.exp(log) * (log - (q[i] as number));
      }
      places += 1;
    }
  }
  return {
    places,
    agreed,
    perplexities: [Math.exp(losses[0] / places), Math.exp(losses[1] / places)],
    divergence: divergence / places,
  };
}

async function read(target: Target, ids: Int32Array): Promise<Forward> {
  const n = ids.length;
  const sequence = target.open();
  const step: Step = {
    ...{ sequence, ids, parents: consecutive(n, -1) },
    ...{ positions: wordPositions(n, 0), heads: consecutive(n), want: 'logits' },
  };
  const [forward] = await target.forward([step]);
  sequence.dispose();
  return forward as Forward;
}

/** Row of the logits as log-probabilities [V] */
function logProbs({ logits }: Forward, row: number): Float64Array {
  if (logits === undefined) throw new TypeError('logits were asked for');
  const { data, width } = logits;
  const line = Float64Array.from(data.subarray(row * width, (row + 1) * width));
  let largest = Number.NEGATIVE_INFINITY;
  for (const logit of line) if (logit > largest) largest = logit;
  let total = 0;
  for (const logit of line) total += Math.exp(logit - largest);
  const shift = largest + Math.log(total);
  return line.map((logit) => logit - shift);
}
