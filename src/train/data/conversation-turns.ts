/** LLaVA's and ShareGPT's records: `{"image": …, "conversations": [{"from": "human", "value": "<image>\n…"}, …]}`. */
import type { Role } from '../../contracts/messages.ts';
import { isObject, type JsonObject, shown } from './json-object.ts';
import { listedPictures, pictureQueue, placePictures } from './place-pictures.ts';
import type { Turn } from './turns.ts';
import { BadRecord } from './turns.ts';

const ROLES: ReadonlyMap<unknown, Role> = new Map([
  ['human', 'user'],
  ['user', 'user'],
  ['gpt', 'assistant'],
  ['chatgpt', 'assistant'],
  ['assistant', 'assistant'],
  ['system', 'system'],
]);

/**
 * The turns of a record, under `conversations` or, as in early ShareGPT files, `items`. Turns are `from` and `value`, or
 * `role` and `content`. ShareGPT's conversations may begin in the middle: replies in front of the first question are
 * dropped, as the paper's training code (FastChat's and LLaVA's) does. A text as `system` is a system turn.
 */
export function conversationTurns(record: JsonObject): Turn[] {
  const key = 'conversations' in record ? 'conversations' : 'items';
  const given = record[key];
  if (!Array.isArray(given)) throw new BadRecord(`"${key}" must be a list`);
  const pictures = pictureQueue(listedPictures(record));
  const turns = given.map((turn: unknown, i) => readTurn(turn, `${key}[${i}]`, pictures.next));
  pictures.finish();

  const [first] = turns;
  const system = first?.role === 'system' ? [first] : systemTurn(record.system);
  const spoken = first?.role === 'system' ? turns.slice(1) : turns;
  const question = spoken.findIndex(({ role }) => role !== 'assistant');
  if (question < 0) throw new BadRecord(`"${key}" holds no turn of the user`);
  return [...system, ...spoken.slice(question)];
}

function readTurn(turn: unknown, name: string, nextPicture: () => string): Turn {
  if (!isObject(turn)) throw new BadRecord(`${name} is no object`);
  const { from, value, role: speaker, content: said } = turn;
  const role = ROLES.get(from ?? speaker);
  if (role === undefined) {
    const known = [...ROLES.keys()].join(', ');
    throw new BadRecord(`${name} is from ${shown(from ?? speaker)}, which is none of ${known}`);
  }
  const text = value ?? said;
  if (typeof text !== 'string') throw new BadRecord(`${name} has no text as "value"`);
  const content =
    role === 'user' ? placePictures(text, nextPicture) : [{ type: 'text', text } as const];
  return { name, role, content };
}

function systemTurn(text: unknown): Turn[] {
  if (text === undefined || text === null || text === '') return [];
  if (typeof text !== 'string') throw new BadRecord('"system" must be a text');
  return [{ name: 'system', role: 'system', content: [{ type: 'text', text }] }];
}
