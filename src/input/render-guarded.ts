/**
 * Special tokens that someone typed stay text. A guard character, one that occurs nowhere, is set between the
 * characters of the messages' texts; wherever the rendered prompt then shows a guard inside the spelling of a special
 * token, that spelling was (at least partly) typed, and the guard stays there to keep it from being read as special.
 */
import { PromptError } from '../contracts/errors.ts';
import type { NormalMessage, Offered } from './messages.ts';

export interface GuardedText {
  /** The prompt as rendered. */
  readonly text: string;
  /** The same with guards inside typed specials, for `Tokenizer.encode`. */
  readonly guarded: string;
  readonly guard: string;
}

export interface Conversation extends Offered {
  readonly messages: readonly NormalMessage[];
}

/**
 * Renders a conversation. Guards stand beside every visible character of the messages, so templates may trim, upper-case,
 * join or split at white space. Where that changes what the template writes (it counts or searches characters), only what
 * could become part of a special token is guarded: such a template sees the guard in typed specials and nowhere else. So
 * it is with tools and documents, whose words templates compare.
 */
export function renderGuarded(
  render: (conversation: Conversation) => string,
  conversation: Conversation,
  specials: readonly string[],
): GuardedText {
  const text = render(conversation);
  const guard = unusedCharacter([text, ...textsIn(conversation), ...specials].join(''));
  const sparsely = (given: string) => guardRisky(given, guard, specials);
  const { messages, tools, documents } = conversation;
  const beside: Offered = {
    ...(tools && { tools: mapData(tools, sparsely) }),
    ...(documents && { documents: mapData(documents, sparsely) }),
  };
  const full = attempt(() =>
    render({
      ...beside,
      messages: mapMessages(messages, (given) => guardVisible(given, guard), sparsely),
    }),
  );
  if (full !== undefined && full.replaceAll(guard, '') === text) {
    return { text, guarded: keepNeeded(full, guard, specials), guard };
  }
  const sparse = render({ ...beside, messages: mapMessages(messages, sparsely, sparsely) });
  return {
    text: sparse.replaceAll(guard, ''),
    guarded: keepNeeded(sparse, guard, specials),
    guard,
  };
}

/** A character that does not occur in the text: one that prints as it is, or else a private one. */
function unusedCharacter(text: string): string {
  const used = new Set(text);
  for (const [first, last] of [
    [0x2801, 0x28ff], // Braille
    [0xe000, 0xf8ff],
  ] as const) {
    for (let code = first; code <= last; code++) {
      const character = String.fromCharCode(code);
      if (!used.has(character)) return character;
    }
  }
  throw new PromptError('The messages use every character that could guard them; leave one out.');
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

/** All texts, also those that are names of fields. */
function textsIn(data: unknown): string[] {
  if (typeof data === 'string') return [data];
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => [key, ...textsIn(value)]);
}

/** @param changeData what becomes of the texts of calls */
function mapMessages(
  messages: readonly NormalMessage[],
  change: (text: string) => string,
  changeData: (text: string) => string,
) {
  return messages.map(({ calls, ...message }) => ({
    ...message,
    ...(calls && { calls: mapData(calls, changeData) }),
    content: message.content.map((part) =>
      part.type === 'text' ? { ...part, text: change(part.text) } : part,
    ),
  }));
}

function mapData<T>(data: T, change: (text: string) => string): T;
function mapData(data: unknown, change: (text: string) => string): unknown {
  if (typeof data === 'string') return change(data);
  if (Array.isArray(data)) return data.map((item) => mapData(item, change));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [change(key), mapData(value, change)]),
  );
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
