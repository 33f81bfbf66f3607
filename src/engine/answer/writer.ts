import type { CallReader } from '../../calls/read-calls.ts';
import type { FinishReason, GenerateEvent, TokenLogprobs } from '../../contracts/generate.ts';
import type { ToolCall } from '../../contracts/tool-call.ts';
import type { IdLogprob, IdLogprobs } from '../../decode/logprobs.ts';
import { finishReason } from '../../decode/stop.ts';
import { createStopText } from '../../decode/stop-text.ts';
import { createDetokenizer, loneText, type TokenTexts } from '../../input/detokenize.ts';

export interface WriterLimits {
  readonly eos: ReadonlySet<number>;
  readonly maxTokens: number;
  readonly stop: readonly string[];
  /** Takes calls out of the text. */
  readonly calls?: Calls | null;
}

interface Calls {
  readonly reader: CallReader;
  /** Special tokens that calls are marked by, which write no text of their own. */
  readonly marks: readonly (string | null)[];
}

/** The answer as it grows: ids, text, and whether it has ended. */
export interface Writer {
  readonly ids: readonly number[];
  /** Of the ids that came with them. */
  readonly logprobs: readonly TokenLogprobs[];
  readonly text: string;
  /** The text without calls, and those; null where none are read. */
  readonly said: { readonly content: string; readonly toolCalls: readonly ToolCall[] } | null;
  readonly finished: FinishReason | null;
  /** Tokens that may still be written. */
  readonly left: number;
  /** Writes one token; ids after the end are ignored. */
  write(id: number, drafted: boolean, logprobs?: IdLogprobs | null): GenerateEvent | null;
  /** Ends the answer from outside and gives what was held back; null where that is nothing. */
  end(reason: FinishReason): Piece | null;
}

/** Text that is certain, and what it is without calls where those are read. */
type Piece = Pick<TokenEvent, 'text' | 'content' | 'toolCalls'>;
type TokenEvent = GenerateEvent & { readonly type: 'token' };

export function createWriter(tokenizer: TokenTexts, limits: WriterLimits): Writer {
  const detokenizer = createDetokenizer(tokenizer);
  const stopText = createStopText(limits.stop);
  const ids: number[] = [];
  const logprobs: TokenLogprobs[] = [];
  const spelt = ({ id, logprob }: IdLogprob) => ({ id, token: loneText(tokenizer, id), logprob });
  const { reader = null, marks = [] } = limits.calls ?? {};
  let text = '';
  let content = '';
  let finished: FinishReason | null = null;
  const endText = (reason: FinishReason): string => {
    const last = stopText.push(detokenizer.flush());
    finished = last.stopped ? 'stop' : reason;
    return last.text + stopText.flush();
  };
  /** What a piece adds; the calls in it are told apart, with a mark that stands before it. */
  const pieceOf = (added: string, mark = ''): Piece => {
    text += added;
    if (reader === null) return { text: added };
    const readings = [reader.push(mark + added), ...(finished === null ? [] : [reader.end()])];
    const words = readings.map((one) => one.content).join('');
    content += words;
    if (finished === 'stop' && reader.calls.length > 0) finished = 'tool_calls';
    return { text: added, content: words, toolCalls: readings.flatMap(({ deltas }) => deltas) };
  };
  return {
    ids,
    logprobs,
    get text() {
      return text;
    },
    get said() {
      return reader && { content, toolCalls: reader.calls };
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
      if (piece.stopped) finished = 'stop';
      const reason = finished === null ? finishReason(id, ids.length, limits) : null;
      const rest = reason === null ? '' : endText(reason);
      const spelling = tokenizer.tokenText(id);
      const mark = tokenizer.isSpecial(id) && marks.includes(spelling ?? '') ? spelling : '';
      const added = pieceOf(piece.text + rest, mark);
      return { type: 'token', id, ...added, drafted, ...(own && { logprobs: own }) };
    },
    end(reason) {
      if (finished !== null) return null;
      const piece = pieceOf(endText(reason));
      return piece.text === '' && !piece.content && !piece.toolCalls?.length ? null : piece;
    },
  };
}
