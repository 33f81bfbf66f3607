import type { FinishReason, Sampling } from '../../contracts/generate.ts';
import { pickToken } from '../../decode/sample.ts';
import { tokenLimit } from '../../decode/stop.ts';
import { MOST_ROWS } from '../../engine/answer/chunk-step.ts';
import type { PreparedPrompt } from '../../engine/answer/read-prompt.ts';
import { visualRows } from '../../engine/answer/visual-rows.ts';
import { createWriter } from '../../engine/answer/writer.ts';
import type { BatchModel } from './batch-model.ts';
import type { Prediction } from './lanes.ts';

/** One of the target's answers. */
export interface Written {
  readonly text: string;
  readonly ids: readonly number[];
  readonly finish: FinishReason;
}

/**
 * One answer: reads what the lane lacks of the prompt, then gives each token that is to be read and takes what follows
 * it. The prompt is read in passes of its own: its many rows gain nothing from company.
 *
 * @param prompt begins with what the lane holds
 */
export async function* answerTurn(
  { lanes, tokenizer, files }: BatchModel,
  lane: number,
  prompt: PreparedPrompt,
  { sampling, maxTokens }: { readonly sampling: Sampling; readonly maxTokens: number },
): AsyncGenerator<number, Written, Prediction> {
  const total = prompt.ids.length;
  const want = wantOf(sampling);
  const writer = createWriter(tokenizer, {
    eos: new Set(files.config.eosTokenIds),
    maxTokens: tokenLimit(maxTokens, total, lanes.contextLength),
    stop: [],
  });
  let prediction: Prediction | undefined;
  while (lanes.lengthOf(lane) < total) {
    const from = lanes.lengthOf(lane);
    const to = Math.min(total, from + MOST_ROWS);
    const visual = visualRows(prompt, from, to);
    const piece = { ids: prompt.ids.slice(from, to), ...(visual && { visual }) };
    prediction = await lanes.read(lane, piece, to === total ? want : 'best');
  }
  if (prediction === undefined) throw new TypeError('A lane must lack a token of the prompt.');
  for (;;) {
    const { best, logits } = prediction;
    const position = total + writer.ids.length;
    const token: number = logits === undefined ? best : pickToken(logits, sampling, position);
    writer.write(token, false);
    const { text, ids, finished } = writer;
    if (finished !== null) return { text, ids, finish: finished };
    prediction = yield token;
  }
}

/** What the passes must give: greedy needs only the best token. */
export function wantOf({ temperature }: Sampling): 'best' | 'logits' {
  return temperature === 0 ? 'best' : 'logits';
}
