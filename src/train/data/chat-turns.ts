/** Records of chat messages in OpenAI's form: `{"messages": [{"role": "user", "content": …}, …], "images": […]}`. */
import type { Role } from '../../contracts/messages.ts';
import { isObject, type JsonObject, shown } from './json-object.ts';
import { listedPictures, pictureQueue, placePictures } from './place-pictures.ts';
import type { Turn, TurnPart } from './turns.ts';
import { BadRecord } from './turns.ts';

/**
 * The turns of a record. Pictures stand in the parts themselves (`image_url`, or `image` with a path), or are listed
 * under `images` and placed by `image` parts without one, or by `<image>` in a user's text; without such a list
 * `<image>` is text like any other.
 */
export function chatTurns(record: JsonObject): Turn[] {
  const { messages } = record;
  if (!Array.isArray(messages)) throw new BadRecord('"messages" must be a list');
  const listed = listedPictures(record);
  const pictures = pictureQueue(listed);
  const turns = messages.map((message: unknown, i): Turn => {
    const name = `messages[${i}]`;
    if (!isObject(message)) throw new BadRecord(`${name} is no object`);
    const role = readRole(message.role, name);
    const text = (text: string): TurnPart[] =>
      role === 'user' && listed.length > 0
        ? placePictures(text, pictures.next)
        : [{ type: 'text', text }];
    const { content } = message;
    if (typeof content === 'string') return { name, role, content: text(content) };
    if (!Array.isArray(content)) throw new BadRecord(`${name}.content must be a text or a list`);
    const parts = content.flatMap((part: unknown, j): TurnPart[] => {
      const place = `${name}.content[${j}]`;
      if (!isObject(part)) throw new BadRecord(`${place} is no object`);
      if (part.type !== 'text')
        return [{ type: 'image', source: readImage(part, place) ?? pictures.next() }];
      if (typeof part.text !== 'string') throw new BadRecord(`${place}.text must be a text`);
      return text(part.text);
    });
    return { name, role, content: parts };
  });
  pictures.finish();
  return turns;
}

function readRole(role: unknown, name: string): Role {
  if (role === 'system' || role === 'user' || role === 'assistant') return role;
  throw new BadRecord(`${name}.role is ${shown(role)}, not "system", "user" or "assistant"`);
}

/** Where the part's picture is, or undefined for the next of those that the record lists. */
function readImage(part: JsonObject, place: string): string | undefined {
  const { type, image, image_url: url } = part;
  if (type !== 'image' && type !== 'image_url') {
    throw new BadRecord(`${place}.type is ${shown(type)}, not "text", "image_url" or "image"`);
  }
  const source = type === 'image' ? image : isObject(url) ? url.url : url;
  if (type === 'image' && source === undefined) return undefined;
  if (typeof source === 'string' && source !== '') return source;
  throw new BadRecord(`${place}.${type} must be a file path or a data: URI`);
}
