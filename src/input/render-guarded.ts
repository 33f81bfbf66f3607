/**
 * Special tokens that someone typed stay text. A guard character, one that occurs nowhere, is set between the
 * characters of the messages' texts; wherever the rendered prompt then shows a guard inside the spelling of a special
 * token, that spelling was (at least partly) typed, and the guard stays there to keep it from being read as special.
 */
import { PromptError } from '../contracts/errors.ts';
import type { NormalMessage } from './messages.ts';

export interface GuardedText {
  /** The prompt as rendered. */
  readonly text: string;
  /** The same with guards inside typed specials, for `Tokenizer.encode`. */
  readonly guarded: string;
  readonly guard: string;
}

/**
 * Renders the messages. Guards stand beside every visible character, so templates may trim, upper-case, join or split
 * at white space. Where that changes what the template writes (it counts or searches characters), only what could
 * become part of a special token is guarded: such a template sees the guard in typed specials and nowhere else.
 */
export function renderGuarded(
  render: (messages: readonly NormalMessage[]) => string,
  messages: readonly NormalMessage[],
  specials: readonly string[],
): GuardedText {
  const text = render(messages);
  const guard = unusedCharacter([text, ...texts(messages), ...specials].join(''));
  const full = attempt(() => render(mapTexts(messages, (text) => guardVisible(text, guard))));
  if (full !== undefined && full.replaceAll(guard, '') === text) {
    return { text, guarded: keepNeeded(full, guard, specials), guard };
  }
  const sparse = render(mapTexts(messages, (text) => guardRisky(text, guard, specials)));
  return {
    text: sparse.replaceAll(guard, ''),
    guarded: keepNeeded(sparse, guard, specials),
    guard,
  };
}

/** A private-use character that does not occur in the text. */
function unusedCharacter(text: string): string {
  const used = new Set(text);
  for (let code = 0xe000; code <= 0xf8ff; code++) {
    const character = String.fromCharCode(code);
    if (!used.has(character)) return character;
  }
  throw new PromptError('The messages use every private-use character; leave one of them out.');
}

function guardVisible(text: string, guard: string): string {
  const marked = text.replace(/\P{White_Space}/gu, (character) => guard + character);
  const end = marked.trimEnd().length;
  return end === 0 ? marked : marked.slice(0, end) + guard + marked.slice(end);
}

/** Guards every place where a special stands in any case, or where the text could be one's beginning, middle or end. */
function guardRisky(text: string, guard: string, specials: readonly string[]): string {
  const cuts = new Set<number>();
  const lower = text.toLowerCase();
  if (lower.length !== text.length) return guardVisible(text, guard); // places would not match
  for (const special of specials) {
    const spelling = special.toLowerCase();
    for (let at = 1 - spelling.length; at < lower.length; at++) {
      const from = Math.max(0, at);
      if (lower[from] !== spelling[from - at]) continue;
      const inside = lower.slice(from, at + spelling.length);
      if (spelling.startsWith(inside, from - at)) cuts.add(Math.max(0, at + 1));
    }
  }
  return insert(text, [...cuts], guard);
}

/** Drops all guards but those strictly inside the spelling of a special. */
function keepNeeded(marked: string, guard: string, specials: readonly string[]): string {
  const pieces = marked.split(guard);
  const text = pieces.join('');
  const cuts = new Set<number>();
  let length = 0;
  for (const piece of pieces.slice(0, -1)) {
    length += piece.length;
    cuts.add(length);
  }
  const needed = new Set<number>();
  for (const special of specials) {
    for (let at = text.indexOf(special); at >= 0; at = text.indexOf(special, at + 1)) {
      for (let inside = at + 1; inside < at + special.length; inside++) {
        if (cuts.has(inside)) needed.add(inside);
      }
    }
  }
  return insert(text, [...needed], guard);
}

function insert(text: string, at: readonly number[], guard: string): string {
  const cuts = [0, ...[...at].sort((a, b) => a - b), text.length];
  return cuts
    .slice(1)
    .map((cut, i) => text.slice(cuts[i], cut))
    .join(guard);
}

function texts(messages: readonly NormalMessage[]): string[] {
  return messages.flatMap(({ content }) =>
    content.flatMap((part) => (part.type === 'text' ? [part.text] : [])),
  );
}

function mapTexts(messages: readonly NormalMessage[], change: (text: string) => string) {
  return messages.map(({ role, content }) => ({
    role,
    content: content.map((part) =>
      part.type === 'text' ? { ...part, text: change(part.text) } : part,
    ),
  }));
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
