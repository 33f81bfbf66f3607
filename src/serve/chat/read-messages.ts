import { z } from 'zod';
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

const CONTENT = 'must be a text or a list of parts.';
const message = z.strictObject({
  role: z.enum(
    ['system', 'developer', 'user', 'assistant'],
    'must be system, developer, user or assistant.',
  ),
  content: z.union([words, z.array(part, CONTENT).min(1, CONTENT)]),
  name: words.optional(),
  refusal: words.optional(),
});

const CALLS =
  'calls of tools are not supported; write what was called, and what came of it, as text.';
const UNSUPPORTED = { tool_calls: CALLS, function_call: CALLS, tool_call_id: CALLS, audio: CALLS };

/**
 * Messages as the engine takes them, every picture as its bytes: a text that names a file opens none.
 * @throws ApiError that names the message and its field, ImageError
 */
export async function readMessages(
  given: readonly unknown[],
  door: PictureDoor,
): Promise<ChatMessage[]> {
  const messages = given.map((one, at) => within(`messages[${at}]`, () => readMessage(one)));
  const pictures = messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content));
  door.count(pictures.filter(({ type }) => type === 'image_url').length);
  return Promise.all(
    messages.map(async ({ role, content }) => ({
      role: role === 'developer' ? 'system' : role,
      content:
        typeof content === 'string'
          ? content
          : await Promise.all(content.map((one) => openPart(one, door))),
    })),
  );
}

function readMessage(value: unknown): z.infer<typeof message> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refused('', 'must be an object with role and content.');
  }
  if ('role' in value && (value.role === 'tool' || value.role === 'function')) {
    throw refused('role', `is ${value.role}: ${CALLS}`, 'unsupported_parameter');
  }
  return checkFields(value, message, UNSUPPORTED);
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

async function openPart(part: Part, door: PictureDoor): Promise<ContentPart> {
  if (part.type === 'text') return part;
  if (part.type === 'refusal') return { type: 'text', text: part.refusal };
  return { type: 'image', image: await door.open(part.image_url.url) };
}
