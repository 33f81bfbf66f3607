import * as z from 'zod';
import { refused } from '../api/api-error.ts';

/** Items of a response's input as messages of a chat, each with what the request calls it. */
export interface ItemMessages {
  readonly messages: readonly object[];
  readonly places: readonly string[];
}

const words = z.string('must be a text.');
const KINDS = 'must be message, function_call or function_call_output: nothing else is known here.';

/** Ids and states, which answers have and requests repeat, are left. */
export const itemSchema = z.discriminatedUnion(
  'type',
  [
    z.object({ type: z.literal('message'), role: z.unknown(), content: z.unknown() }),
    z.object({
      type: z.literal('function_call'),
      call_id: words.min(1, 'must not be empty.'),
      name: words.min(1, 'must not be empty.'),
      arguments: words,
    }),
    z.object({
      type: z.literal('function_call_output'),
      call_id: words,
      output: z.union([words, z.array(z.unknown())], 'must be a text or a list of parts.'),
    }),
  ],
  KINDS,
);
type Item = z.infer<typeof itemSchema>;

/** What the assistant said and called in a row is one message, as templates have it. */
export function readItems(input: readonly unknown[]): ItemMessages {
  const messages: Record<string, unknown>[] = [];
  const places: string[] = [];
  for (const [at, value] of input.entries()) {
    const place = `input[${at}]`;
    const read = readItem(value, place);
    const last = messages.at(-1);
    if (read.type === 'function_call' && last?.role === 'assistant') {
      last.tool_calls = [...((last.tool_calls as object[] | undefined) ?? []), callOf(read)];
      continue;
    }
    messages.push(messageOf(read, place));
    places.push(place);
  }
  return { messages, places };
}

function readItem(value: unknown, place: string): Item {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject) throw refused(place, 'must be an object with role and content.');
  const read = itemSchema.safeParse('type' in value ? value : { ...value, type: 'message' });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw refused([place, ...(issue?.path ?? [])].join('.'), issue?.message ?? KINDS);
}

function messageOf(read: Item, place: string): Record<string, unknown> {
  if (read.type === 'function_call') return { role: 'assistant', tool_calls: [callOf(read)] };
  if (read.type === 'function_call_output') {
    const content = partsOf(read.output, `${place}.output`);
    return { role: 'tool', tool_call_id: read.call_id, content };
  }
  return { role: read.role, content: partsOf(read.content, `${place}.content`) };
}

const callOf = ({ call_id, name, arguments: given }: Item & { type: 'function_call' }) => ({
  ...{ id: call_id, type: 'function', function: { name, arguments: given } },
});

const partsOf = (content: unknown, place: string): unknown =>
  Array.isArray(content) ? content.map((part, at) => asPart(part, `${place}[${at}]`)) : content;

function asPart(part: unknown, place: string): unknown {
  if (typeof part !== 'object' || part === null || !('type' in part)) return part;
  if (part.type === 'input_text' || part.type === 'output_text') {
    return { type: 'text', text: 'text' in part ? part.text : undefined };
  }
  if (part.type !== 'input_image') return part;
  if ('file_id' in part && part.file_id !== null) {
    throw refused(`${place}.file_id`, 'is not known: nothing is stored; give image_url.');
  }
  const url = 'image_url' in part ? part.image_url : undefined;
  return {
    type: 'image_url',
    image_url: { url, ...('detail' in part && { detail: part.detail }) },
  };
}
