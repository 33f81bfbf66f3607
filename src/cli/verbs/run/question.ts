import type { ChatMessage } from '../../../contracts/messages.ts';
import { messagesFromPrompt } from '../../../input/messages.ts';
import { type MessagesFile, parseMessages, readMessages } from './read-messages.ts';

/** Where a question comes from. */
export interface QuestionFlags {
  readonly prompt: string | undefined;
  readonly image: readonly string[] | undefined;
  readonly messages: string | undefined;
}

/** What a question is read with. */
export interface QuestionWorld {
  /** Standard input, to its end. */
  readonly readInput: () => Promise<string>;
  /** Whether something was piped or redirected to it. */
  readonly isPiped: boolean;
  readonly isTerminal: boolean;
  /** Told what may surprise. */
  readonly notify: (text: string) => void;
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
 * The messages to answer. Text that was piped beside a prompt stands behind it, as the file that it is about.
 * @throws PromptError or CheckpointError if a source can't be read
 */
export async function readQuestion(
  { prompt = '', image = [], messages }: QuestionFlags,
  { readInput, isPiped, isTerminal, notify }: QuestionWorld,
): Promise<readonly ChatMessage[]> {
  const typed = (what: string) => {
    if (isTerminal) notify(`Type the ${what}; Ctrl-D on a line of its own ends it.\n`);
    return readInput();
  };
  if (messages !== undefined) {
    const file: MessagesFile =
      messages === '-'
        ? parseMessages('standard input', await typed('messages'))
        : await readMessages(messages);
    if (file.ignored.length > 0) {
      notify(`${messages}: only "messages" is read, not ${file.ignored.join(', ')}.\n`);
    }
    return file.messages;
  }
  if (prompt === '-') return messagesFromPrompt(await typed('prompt'), image);
  const piped = isPiped ? await readInput() : '';
  if (piped === '') return messagesFromPrompt(prompt, image);
  notify(`${piped.length} characters of standard input go behind the prompt.\n`);
  return messagesFromPrompt(`${prompt}\n\n${piped}`, image);
}
