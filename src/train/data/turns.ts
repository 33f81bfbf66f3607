/** The turns of a record, whatever format it had, and the rules that hold for them all. */
import type { Role } from '../../contracts/messages.ts';
import type { NormalMessage } from '../../input/messages.ts';

/** What a turn holds, in order; a picture by its path or data URI as written. */
export type TurnPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly source: string };

export interface Turn {
  /** As messages call it: `conversations[2]`. */
  readonly name: string;
  readonly role: Role;
  readonly content: readonly TurnPart[];
}

export interface RecordContent {
  readonly messages: NormalMessage[];
  /** As written, in the order of the messages' image parts. */
  readonly sources: string[];
}

/**
 * Messages to learn from, or to ask: one system turn at most, first; then user and assistant in turn; something said in
 * each. Turns behind the last one of `last`, the assistant's to learn from, are left out. Throws BadRecord.
 */
export function contentOf(turns: readonly Turn[], last: 'assistant' | 'user'): RecordContent {
  checkOrder(turns);
  const end = turns.findLastIndex(({ role }) => role === last);
  if (end < 0) {
    const lacks = last === 'assistant' ? 'reply of the assistant' : 'turn of the user';
    throw new BadRecord(`it holds no ${lacks}`);
  }
  const kept = turns.slice(0, end + 1);
  for (const { name, role, content } of kept) {
    const says = content.some((part) => part.type === 'image' || part.text.trim() !== '');
    if (!says && role !== 'system') throw new BadRecord(`${name} is empty`);
    if (role !== 'user' && content.some(({ type }) => type === 'image')) {
      throw new BadRecord(`${name} shows a picture, but only the user's turns may`);
    }
  }
  return {
    messages: kept.map(({ role, content }) => ({ role, content: normalParts(role, content) })),
    sources: kept.flatMap(({ content }) =>
      content.flatMap((part) => (part.type === 'image' ? [part.source] : [])),
    ),
  };
}

function checkOrder(turns: readonly Turn[]): void {
  const spoken = turns[0]?.role === 'system' ? turns.slice(1) : turns;
  for (const [i, { name, role }] of spoken.entries()) {
    if (role === 'system') throw new BadRecord(`${name} is the system's, which may only be first`);
    const expected = i % 2 === 0 ? 'user' : 'assistant';
    if (role !== expected) {
      throw new BadRecord(`${name} is the ${role}'s where the ${expected}'s is due`);
    }
  }
}

/** Templates may write an end token behind each part of a reply, so that its parts become one. */
function normalParts(role: Role, content: readonly TurnPart[]): NormalMessage['content'] {
  if (role === 'user') {
    return content.map((part) => (part.type === 'text' ? part : { type: 'image' }));
  }
  const texts = content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  return [{ type: 'text', text: texts.join('\n') }];
}

/** Says why a record can't be learned from; caught where its file and index are known. */
export class BadRecord extends Error {}
