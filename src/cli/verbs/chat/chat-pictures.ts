import { existsSync } from 'node:fs';
import type { ChatMessage } from '../../../contracts/messages.ts';
import { checkPictures } from '../../../input/node/check-pictures.ts';
import { readPicture } from '../../../input/node/read-picture.ts';
import { typedPath } from './typed-path.ts';

/** The pictures of a chat: read once, when they are attached, whatever becomes of their files. */
export interface ChatPictures {
  /** Reads and decodes it. @returns its path @throws ImageError */
  open(typed: string): Promise<string>;
  /** The messages with the pictures' bytes in place of their paths. */
  within(messages: readonly ChatMessage[]): ChatMessage[];
}

export function createChatPictures(): ChatPictures {
  const known = new Map<string, Uint8Array>();
  return {
    async open(typed) {
      const path = typedPath(typed, existsSync);
      const { bytes } = await readPicture(path);
      await checkPictures([path]);
      known.set(path, bytes);
      return path;
    },
    within: (messages) =>
      messages.map(({ role, content }) => ({
        role,
        content:
          typeof content === 'string'
            ? content
            : content.map((part) => {
                if (part.type !== 'image' || typeof part.image !== 'string') return part;
                return { type: 'image', image: known.get(part.image) ?? part.image };
              }),
      })),
  };
}
