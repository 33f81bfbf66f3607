import { OptionError } from '../contracts/errors.ts';

/** Text on its way out, ended by a stop text. */
export interface StopText {
  /** Adds a piece; returns what is certain to be part of the answer, and whether a stop text has ended it. */
  push(delta: string): { readonly text: string; readonly stopped: boolean };
  /** The end of the answer without a stop text: what was held back. */
  flush(): string;
}

/**
 * Watches for stop texts over pieces of any size. The answer ends before the stop text that is complete first (the
 * longest of those that end together), as if text came one character at a time. The end of the text is held back while
 * it may be the beginning of a stop text.
 *
 * @throws OptionError for an empty stop text
 */
export function createStopText(stops: readonly string[]): StopText {
  if (stops.includes('')) throw new OptionError('stop', 'must not be an empty text.');
  let held = '';
  let stopped = false;
  return {
    push(delta) {
      if (stopped) return { text: '', stopped };
      held += delta;
      const cut = firstStop(held, stops);
      stopped = cut >= 0;
      const certain = stopped ? cut : held.length - longestBeginning(held, stops);
      const text = held.slice(0, certain);
      held = stopped ? '' : held.slice(certain);
      return { text, stopped };
    },
    flush() {
      const text = held;
      held = '';
      return text;
    },
  };
}

/** Where the stop text that ends first begins, or -1. */
function firstStop(text: string, stops: readonly string[]): number {
  let begin = -1;
  let end = Infinity;
  for (const stop of stops) {
    const at = text.indexOf(stop);
    if (at < 0) continue;
    if (at + stop.length < end || (at + stop.length === end && at < begin)) {
      begin = at;
      end = at + stop.length;
    }
  }
  return begin;
}

/** Length of the longest end of the text that is a beginning of a stop text. */
function longestBeginning(text: string, stops: readonly string[]): number {
  const longest = Math.max(0, ...stops.map((stop) => stop.length - 1));
  for (let n = Math.min(longest, text.length); n > 0; n -= 1) {
    const end = text.slice(-n);
    if (stops.some((stop) => stop.startsWith(end))) return n;
  }
  return 0;
}
