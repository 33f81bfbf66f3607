import { MsdError } from '../../../contracts/errors.ts';
import type { GenerateResult } from '../../../contracts/generate.ts';
import type { ChatMessage } from '../../../contracts/messages.ts';
import { messagesFromPrompt } from '../../../input/messages.ts';
import { CHAT_COMMANDS } from '../../flags/help-texts.ts';
import { reportError } from '../../report-error.ts';
import { parseChatLine } from './chat-line.ts';

/** What a chat needs from outside. */
export interface ChatWorld {
  /** Null at the end. */
  readonly nextLine: () => Promise<string | null>;
  /** Answers a conversation and shows the answer. */
  readonly answer: (messages: readonly ChatMessage[]) => Promise<GenerateResult>;
  /** @throws ImageError */
  readonly checkPicture: (file: string) => Promise<void>;
  readonly tell: (text: string) => void;
}

/**
 * Turn after turn until the lines end. An error costs a turn nothing: its message is not in the conversation, its
 * pictures stay attached.
 * @returns whether any line failed
 */
export async function chatLoop(
  { nextLine, answer, checkPicture, tell }: ChatWorld,
  attached: readonly string[],
): Promise<boolean> {
  let messages: readonly ChatMessage[] = [];
  let pictures = attached;
  let failed = false;

  const attach = async (file: string) => {
    if (file === '') return tell('Which picture? Give a file, as /image photo.png.\n');
    await checkPicture(file);
    pictures = [...pictures, file];
    tell(`${file} goes with the next message (pictures attached: ${pictures.length}).\n`);
  };
  const turn = async (text: string) => {
    const asked = [...messages, ...messagesFromPrompt(text, pictures)];
    const { text: words } = await answer(asked);
    if (words === '') return tell('There was no answer; the message is left out.\n');
    messages = [...asked, { role: 'assistant', content: words }];
    pictures = [];
  };
  const reset = () => {
    messages = [];
    pictures = [];
    tell('Forgotten; the next message begins a new conversation.\n');
  };

  for (;;) {
    const line = await nextLine();
    const read = line === null ? ({ type: 'exit' } as const) : parseChatLine(line);
    if (read.type === 'exit') return failed;
    try {
      if (read.type === 'message') await turn(read.text);
      else if (read.type === 'image') await attach(read.file);
      else if (read.type === 'reset') reset();
      else if (read.type === 'help') tell(`${CHAT_COMMANDS}\n`);
      else if (read.type === 'unknown')
        tell(`${read.name} is not a command; there are:\n${CHAT_COMMANDS}\n`);
    } catch (error) {
      if (!MsdError.is(error)) throw error;
      failed = true;
      tell(reportError(error).text);
    }
  }
}
