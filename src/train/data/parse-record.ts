import { BadRecord } from './bad-record.ts';
import { chatTurns } from './chat-turns.ts';
import { conversationTurns } from './conversation-turns.ts';
import { isObject } from './json-object.ts';
import { contentOf, type RecordContent } from './turns.ts';

/** What a record of any of the formats says; the format is told by the record's keys. Throws BadRecord. */
export function parseRecord(value: unknown): RecordContent {
  if (!isObject(value) || Array.isArray(value)) throw new BadRecord('it is no object');
  if ('messages' in value) return contentOf(chatTurns(value));
  if ('conversations' in value || 'items' in value) return contentOf(conversationTurns(value));
  throw new BadRecord('it has neither "conversations" nor "messages"');
}
