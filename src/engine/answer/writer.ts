import type { FinishReason, GenerateEvent, TokenLogprobs } from '../../contracts/generate.ts';
import type { IdLogprob, IdLogprobs } from '../../decode/logprobs.ts';
import { finishReason } from '../../decode/stop.ts';
import { createStopText } from '../../decode/stop-text.ts';
import { createDetokenizer, loneText, type TokenTexts } from '../../input/detokenize.ts';

export interface WriterLimits {
  readonly eos: ReadonlySet<number>;
  readonly maxTokens: number;
  readonly stop: readonly string[];
}

/** The answer as it grows: ids, text, and whether it has ended. */
export interface Writer {
  readonly ids: readonly number[];
  /** Of the ids that came with them. */
  readonly logprobs: readonly TokenLogprobs[];
  readonly text: string;
  readonly finished: FinishReason | null;
  /** Tokens that may still be written. */
  readonly left: number;
  /** Writes one token; ids after the end are ignored. */
  write(id: number, drafted: boolean, logprobs?: IdLogprobs | null): GenerateEvent | null;
  /** Ends the answer from outside and gives the text that was held back. */
  end(reason: FinishReason): string;
}

export function createWriter(tokenizer: TokenTexts, limits: WriterLimits): Writer {
  const detokenizer = createDetokenizer(tokenizer);
  const stopText = createStopText(limits.stop);
  const ids: number[] = [];
  const logprobs: TokenLogprobs[] = [];
  const spelt = ({ id, logprob }: IdLogprob) => ({ id, token: loneText(tokenizer, id), logprob });
  let text = '';
  let finished: FinishReason | null = null;
  const end = (reason: FinishReason): string => {
    if (finished !== null) return '';
    const last = stopText.push(detokenizer.flush());
    finished = last.stopped ? 'stop' : reason;
    const rest = last.text + stopText.flush();
    text += rest;
    return rest;
  };
  return {
    ids,
    logprobs,
    get text() {
      return text;
    },
    get finished() {
      return finished;
    },
    get left() {
      return finished === null ? limits.maxTokens - ids.length : 0;
    },
    write(id, drafted, told) {
      if (finished !== null) return null;
      ids.push(id);
      const own = told ? { ...spelt(told), top: told.top.map(spelt) } : null;
      if (own !== null) logprobs.push(own);
      const piece = stopText.push(detokenizer.push(id));
      text += piece.text;
      if (piece.stopped) finished = 'stop';
      const reason = finishReason(id, ids.length, limits);
      const rest = reason === null ? '' : end(reason);
      return { type: 'token', id, text: piece.text + rest, drafted, ...(own && { logprobs: own }) };
    },
    end,
  };
}
