import * as z from 'zod';
import type { ChatMessage, ContentPart } from '../../contracts/messages.ts';
import { ApiError, refused } from '../api/api-error.ts';
import { checkFields } from '../api/check-fields.ts';
import type { PictureDoor } from '../pictures/picture-door.ts';

const words = z.string('must be a text.');
const detail = z.enum(['auto', 'low', 'high', 'original'], 'must be auto, low or high.').optional();

/** `detail` changes nothing: a picture is read as its model reads pictures. */
const part = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('text'), text: words }),
    z.strictObject({
      type: z.literal('image_url'),
      image_url: z.union(
        [words.transform((url) => ({ url })), z.strictObject({ url: words, detail })],
        'must be a URL, or an object with one as url.',
      ),
    }),
    z.strictObject({ type: z.literal('refusal'), refusal: words }),
  ],
  'must be a part of type text or image_url.',
);
type Part = z.infer<typeof part>;

const ROLES = 'must be system, developer, user, assistant or tool.';
const CONTENT = 'must be a text or a list of parts.';
const madeCall = z.strictObject(
  {
    id: words.min(1, 'must not be empty.'),
    type: z.literal('function', 'must be function: no other call is known here.'),
    function: z.strictObject({ name: words.min(1, 'must not be empty.'), arguments: words }),
  },
  'must be an object with id, type and function.',
);
export const messageSchema = z
  .strictObject({
    role: z.enum(['system', 'developer', 'user', 'assistant', 'tool'], ROLES),
    content: z.union([words, z.array(part, CONTENT).min(1, CONTENT)], CONTENT).optional(),
    name: words.optional(),
    refusal: words.optional(),
    annotations: z.tuple([], 'must be empty: nothing is cited here.').optional(),
    tool_calls: z.array(madeCall, 'must be a list of calls.').optional(),
    tool_call_id: words.optional(),
  })
  .check(({ value: { role, content, tool_calls, tool_call_id }, issues }) => {
    const problem = (path: string, message: string) =>
      issues.push({ code: 'custom', input: role, path: [path], message });
    if (tool_calls !== undefined && role !== 'assistant') {
      problem('tool_calls', "must be the assistant's.");
    }
    if (content === undefined && !tool_calls?.length) problem('content', CONTENT);
    if ((tool_call_id !== undefined) !== (role === 'tool')) {
      problem('tool_call_id', 'goes with role tool, and names the call that it answers.');
    }
  });
type Message = z.infer<typeof messageSchema>;

const UNSUPPORTED = {
  function_call: 'give tool_calls.',
  audio: 'no sound is written or read here.',
};

/**
 * Messages as the engine takes them, every picture as its bytes: a text that names a file opens none.
 * @param placeOf what the request calls each of them
 * @throws ApiError that names the message and its field, ImageError
 */
export async function readMessages(
  given: readonly unknown[],
  door: PictureDoor,
  placeOf: (at: number) => string = (at) => `messages[${at}]`,
): Promise<ChatMessage[]> {
  const messages = given.map((one, at) => within(placeOf(at), () => readMessage(one)));
  checkAnswers(messages, placeOf);
  const pictures = messages.flatMap(({ content = '' }) =>
    typeof content === 'string' ? [] : content,
  );
  door.count(pictures.filter(({ type }) => type === 'image_url').length);
  return Promise.all(messages.map((one) => openMessage(one, door)));
}

function readMessage(value: unknown): Message {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refused('', 'must be an object with role and content.');
  }
  if ('role' in value && value.role === 'function') {
    throw refused('role', 'is function; give tools, and answers of role tool.');
  }
  return checkFields(value, messageSchema, UNSUPPORTED);
}

/** A tool tells what came of a call that was made before. */
function checkAnswers(messages: readonly Message[], placeOf: (at: number) => string): void {
  const made = new Set<string>();
  for (const [at, { tool_calls = [], tool_call_id }] of messages.entries()) {
    for (const { id } of tool_calls) made.add(id);
    if (tool_call_id === undefined || made.has(tool_call_id)) continue;
    throw refused(placeOf(at), 'answers a call that no message before it makes.');
  }
}

/** Names the place in what was thrown. */
function within<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ApiError) || error.param === null) throw error;
    const param = error.param === '' ? place : `${place}.${error.param}`;
    const words = error.message.replace(error.param, () => param);
    throw new ApiError(error.status, error.code, words.trim(), { param });
  }
}

async function openMessage(
  { role, content = '', tool_calls, tool_call_id }: Message,
  door: PictureDoor,
): Promise<ChatMessage> {
  return {
    role: role === 'developer' ? 'system' : role,
    content:
      typeof content === 'string'
        ? content
        : await Promise.all(content.map((one) => openPart(one, door))),
    ...(tool_calls && { tool_calls }),
    ...(tool_call_id !== undefined && { tool_call_id }),
  };
}

async function openPart(part: Part, door: PictureDoor): Promise<ContentPart> {
  if (part.type === 'text') return part;
  if (part.type === 'refusal') return { type: 'text', text: part.refusal };
  return { type: 'image', image: await door.open(part.image_url.url) };
}
