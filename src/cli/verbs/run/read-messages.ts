import { PromptError } from '../../../contracts/errors.ts';
import type { ChatMessage } from '../../../contracts/messages.ts';
import { readText } from './read-text.ts';

/** What stood in a file of messages; `ignored` are the other keys of an object around them. */
export interface MessagesFile {
  /** As the file has them: a request is checked as a whole, before it runs. */
  readonly messages: readonly ChatMessage[];
  readonly ignored: readonly string[];
}

/**
 * Reads a JSON list of chat messages, or an object with one as `messages`.
 * @throws CheckpointError or PromptError naming the file
 */
export async function readMessages(path: string): Promise<MessagesFile> {
  return parseMessages(path, await readText(path, noJson));
}

/** The same out of a text. @param path names it in errors */
export function parseMessages(path: string, text: string): MessagesFile {
  const value = parse(path, text);
  if (Array.isArray(value)) return { messages: value, ignored: [] };
  if (typeof value === 'object' && value !== null && 'messages' in value) {
    const { messages, ...rest } = value;
    if (Array.isArray(messages)) return { messages, ignored: Object.keys(rest) };
  }
  throw new PromptError(
    `${path}: this is neither a list of messages nor an object with such a list as "messages".`,
  );
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw noJson(path, cause);
  }
}

const noJson = (path: string, cause: unknown): PromptError =>
  new PromptError(
    `${path}: this is not valid JSON; give a list as [{"role": "user", "content": "Hello"}].`,
    { cause },
  );
