import type { ToolCall, ToolCallDelta } from '../contracts/tool-call.ts';
import type { CallFormat } from './call-format.ts';
import { type CallPiece, createCallScanner } from './call-scanner.ts';

/** What a piece of an answer adds: words for people, and calls. */
interface CallReading {
  readonly content: string;
  readonly deltas: readonly ToolCallDelta[];
}

/** Takes the calls out of an answer while it is written. */
export interface CallReader {
  readonly calls: readonly ToolCall[];
  push(text: string): CallReading;
  /** The end of the answer: what was held back. */
  end(): CallReading;
}

/**
 * Words come out as they are, without white space beside calls; what begins as a call and names no function is words after
 * all.
 * @param idOf the id of a call, by its number from 0
 */
export function createCallReader(format: CallFormat, idOf: (index: number) => string): CallReader {
  const { begin, end, argumentsKey } = format;
  const calls: { id: string; name: string; text: string }[] = [];
  let held = ''; // not yet known to be words or a mark
  let raw: string | null = null; // of a call that has no name yet
  let scanner: ReturnType<typeof createCallScanner> | null = null;
  let started = false;
  let gap = ''; // white space that may turn out to stand beside a call
  let afterCall = false;

  const words = (text: string): string => {
    const whole = gap + (afterCall ? text.trimStart() : text);
    if (whole.trim() !== '') afterCall = false;
    const kept = whole.trimEnd();
    gap = whole.slice(kept.length);
    return kept;
  };
  const read = (all: boolean): CallReading => {
    let content = '';
    const deltas: ToolCallDelta[] = [];
    for (;;) {
      if (scanner === null) {
        const at = begin === null ? opening(held, started) : held.indexOf(begin);
        if (at < 0) {
          const keep = all
            ? 0
            : begin === null
              ? heldOpening(held, started)
              : commonEnd(held, begin);
          content += words(held.slice(0, held.length - keep));
          started ||= held.length > keep;
          held = held.slice(held.length - keep);
          break;
        }
        content += words(held.slice(0, at));
        started = true;
        scanner = createCallScanner(argumentsKey);
        raw = gap + (begin ?? '');
        gap = '';
        held = held.slice(at + (begin ?? '').length);
      }
      const stop = end === null ? -1 : held.indexOf(end);
      const keep = all || end === null ? 0 : commonEnd(held, end);
      const inside = held.slice(0, stop < 0 ? held.length - keep : stop);
      if (raw !== null) raw += inside;
      for (const piece of scanner.push(inside)) {
        raw = null;
        afterCall = true;
        deltas.push(deltaOf(piece));
      }
      held = held.slice(inside.length);
      if (stop < 0 || end === null) break;
      held = held.slice(end.length);
      if (raw !== null) content += words(raw + end);
      [scanner, raw] = [null, null];
    }
    if (all) {
      content += words(raw ?? '') + gap;
      [raw, gap] = [null, ''];
    }
    return { content, deltas };
  };
  const deltaOf = (piece: CallPiece): ToolCallDelta => {
    if (piece.type === 'name') {
      const index = calls.length;
      const id = idOf(index);
      calls.push({ id, name: piece.name, text: '' });
      return { index, id, name: piece.name, arguments: '' };
    }
    const call = calls.at(-1) as (typeof calls)[number];
    call.text += piece.text;
    return { index: calls.length - 1, arguments: piece.text };
  };
  return {
    get calls() {
      return calls.map(
        ({ id, name, text }): ToolCall => ({
          id,
          type: 'function',
          function: { name, arguments: text },
        }),
      );
    },
    push(text) {
      held += text;
      return read(false);
    },
    end: () => read(true),
  };
}

/** Where an answer that is one object begins; -1 where it is none. */
function opening(text: string, started: boolean): number {
  if (started) return -1;
  const at = text.search(/\S/);
  return at >= 0 && text[at] === '{' ? at : -1;
}

/** White space at the beginning may stand before an object. */
const heldOpening = (text: string, started: boolean): number =>
  !started && text.trim() === '' ? text.length : 0;

/** Length of the longest end of a text that begins a mark. */
function commonEnd(text: string, mark: string): number {
  let length = Math.min(mark.length - 1, text.length);
  while (length > 0 && !mark.startsWith(text.slice(-length))) length -= 1;
  return length;
}
