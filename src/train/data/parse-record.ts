import { chatTurns } from './chat-turns.ts';
import { conversationTurns } from './conversation-turns.ts';
import { isObject } from './json-object.ts';
import { BadRecord, contentOf, type RecordContent } from './turns.ts';

/** What a record of any of the formats says, up to the last turn of `last`; its keys tell the format. Throws BadRecord. */
export function parseRecord(
  value: unknown,
  last: 'assistant' | 'user' = 'assistant',
): RecordContent {
  if (!isObject(value) || Array.isArray(value)) throw new BadRecord('it is no object');
  if ('messages' in value) return contentOf(chatTurns(value), last);
  if ('conversations' in value || 'items' in value)
    return contentOf(conversationTurns(value), last);
  throw new BadRecord('it has neither "conversations" nor "messages"');
}
