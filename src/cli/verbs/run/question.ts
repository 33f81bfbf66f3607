import { buffer } from 'node:stream/consumers';
import { PromptError } from '../../../contracts/errors.ts';
import type { ChatMessage } from '../../../contracts/messages.ts';
import { messagesFromPrompt } from '../../../input/messages.ts';
import { readMessages } from './read-messages.ts';

/** Where a question comes from. */
export interface QuestionFlags {
  readonly prompt: string | undefined;
  readonly image: readonly string[] | undefined;
  readonly messages: string | undefined;
}

/** What is wrong with the choice of sources; null if nothing is. */
export function misusedSources({ prompt, image, messages }: QuestionFlags): string | null {
  if (prompt !== undefined && messages !== undefined) return 'give PROMPT or --messages, not both.';
  if (prompt === undefined && messages === undefined) {
    return 'give a PROMPT in quotes, - to read it from standard input, or --messages FILE.';
  }
  if (messages === undefined || image === undefined) return null;
  return '--image goes with PROMPT; put pictures into the messages as image_url parts.';
}

/**
 * The messages to answer. `notify` is told what may surprise.
 * @throws PromptError or CheckpointError if a source can't be read
 */
export async function readQuestion(
  { prompt, image = [], messages }: QuestionFlags,
  stdin: NodeJS.ReadStream,
  notify: (text: string) => void,
): Promise<readonly ChatMessage[]> {
  if (messages !== undefined) {
    const file = await readMessages(messages);
    if (file.ignored.length > 0) {
      notify(`${messages}: only "messages" is read, not ${file.ignored.join(', ')}.\n`);
    }
    return file.messages;
  }
  if (prompt !== '-') return messagesFromPrompt(prompt ?? '', image);
  if (stdin.isTTY) notify('Type the prompt; Ctrl-D on a line of its own ends it.\n');
  return messagesFromPrompt(await readStandardInput(stdin), image);
}

/** All of standard input as text, without the line ends behind it. */
async function readStandardInput(stream: NodeJS.ReadableStream): Promise<string> {
  const bytes = await buffer(stream);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.replace(/[\r\n]+$/, '');
  } catch (cause) {
    throw new PromptError('Standard input is not UTF-8 text; give the prompt as text.', { cause });
  }
}
