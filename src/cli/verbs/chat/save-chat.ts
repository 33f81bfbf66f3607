import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { PromptError } from '../../../contracts/errors.ts';
import type { ChatMessage } from '../../../contracts/messages.ts';
import { writeWhole } from '../../../files/write-file.ts';
import { typedPath } from './typed-path.ts';

/**
 * Writes a conversation as `msd run --messages` reads it, and gives the path. Only a file that this chat wrote itself is
 * written over.
 * @throws PromptError, or CheckpointError where it can't be written
 */
export function createChatSaver(): (
  typed: string,
  messages: readonly ChatMessage[],
) => Promise<string> {
  const own = new Set<string>();
  return async (typed, messages) => {
    const path = typedPath(typed, () => false);
    if (existsSync(path) && !own.has(resolve(path))) {
      throw new PromptError(`${path}: there is such a file already; give another name.`);
    }
    await writeWhole(
      path,
      `${JSON.stringify({ messages: messages.map(inOpenAiForm) }, null, 2)}\n`,
    );
    own.add(resolve(path));
    return path;
  };
}

/** Pictures by absolute paths, in the parts that other programs know. */
function inOpenAiForm({ role, content }: ChatMessage) {
  if (typeof content === 'string') return { role, content };
  const parts = content.map((part) =>
    part.type === 'image' && typeof part.image === 'string'
      ? { type: 'image_url', image_url: { url: urlOf(part.image) } }
      : part,
  );
  return { role, content: parts };
}

const urlOf = (source: string): string =>
  /^(data|file):/i.test(source) ? source : resolve(source);
