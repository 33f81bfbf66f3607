import { ContextLengthError, MsdError } from '../../../contracts/errors.ts';
import type { GenerateResult } from '../../../contracts/generate.ts';
import type { ChatMessage } from '../../../contracts/messages.ts';
import { messagesFromPrompt } from '../../../input/messages.ts';
import { CHAT_COMMANDS } from '../../flags/help-texts.ts';
import { reportError } from '../../report-error.ts';
import { parseChatLine } from './chat-line.ts';
import { nextMessage } from './next-message.ts';

/** What a chat needs from outside. */
export interface ChatWorld {
  /** Null at the end. @param isMore of a message that has begun */
  readonly nextLine: (isMore: boolean) => Promise<string | null>;
  /**
   * Answers a conversation and shows the answer.
   * @param again how often the same was answered before
   */
  readonly answer: (messages: readonly ChatMessage[], again: number) => Promise<GenerateResult>;
  /** Whether the same is answered with the same words. */
  readonly isGreedy: boolean;
  /** The path of a picture that was typed; it can be read. @throws ImageError */
  readonly openPicture: (typed: string) => Promise<string>;
  /** Writes the conversation to a file, and gives its path. @throws PromptError, CheckpointError */
  readonly save: (typed: string, messages: readonly ChatMessage[]) => Promise<string>;
  readonly tell: (text: string) => void;
}

/** A message that was asked, and what stood before it. */
interface Asked {
  readonly before: readonly ChatMessage[];
  readonly text: string;
  readonly pictures: readonly string[];
}

/**
 * Turn after turn until the lines end. An error costs a turn nothing: its message is not in the conversation, its
 * pictures stay attached.
 * @returns whether any line failed
 */
export async function chatLoop(
  { nextLine, answer, isGreedy, openPicture, save, tell }: ChatWorld,
  { pictures: attached, system: given }: { pictures: readonly string[]; system?: string },
): Promise<boolean> {
  let messages: readonly ChatMessage[] = [];
  let pictures = attached;
  let system = given ?? '';
  let last: Asked | undefined;
  let again = 0;
  let failed = false;

  const whole = (turns: readonly ChatMessage[]): ChatMessage[] => [
    ...(system === '' ? [] : [{ role: 'system' as const, content: system }]),
    ...turns,
  ];
  /** @returns whether there was an answer */
  const ask = async ({ before, text, pictures }: Asked): Promise<boolean> => {
    const asked = [...before, ...messagesFromPrompt(text, pictures)];
    const { text: words } = await answer(whole(asked), again);
    if (words === '') tell('There was no answer; the message is left out.\n');
    else messages = [...asked, { role: 'assistant', content: words }];
    return words !== '';
  };
  const commands = {
    async message(text: string) {
      last = { before: messages, text, pictures };
      again = 0;
      if (await ask(last)) pictures = [];
    },
    async retry() {
      if (last === undefined)
        return tell('There is no message yet that could be answered again.\n');
      again += 1;
      if (isGreedy) tell('At temperature 0 the words stay the same; --temperature gives others.\n');
      await ask(last);
    },
    async image(typed: string) {
      if (typed === '') return tell('Which picture? Give a file, as /image photo.png.\n');
      const file = await openPicture(typed);
      pictures = [...pictures, file];
      tell(`${file} goes with the next message (pictures attached: ${pictures.length}).\n`);
    },
    async system(typed: string) {
      if (typed !== '') system = typed === '""' ? '' : typed;
      tell(system === '' ? 'There is no system message.\n' : `System message: ${system}\n`);
    },
    async save(typed: string) {
      if (typed === '') return tell('Where to? Give a file, as /save chat.json.\n');
      if (messages.length === 0) return tell('There is nothing to save yet.\n');
      tell(`${await save(typed, whole(messages))} holds the conversation.\n`);
    },
    async reset() {
      messages = [];
      pictures = [];
      last = undefined;
      tell('Forgotten; the next message begins a new conversation.\n');
    },
    async help() {
      tell(`${CHAT_COMMANDS}\n`);
    },
    async nothing() {},
  };

  for (;;) {
    const line = await nextMessage(nextLine);
    const read = line === null ? ({ type: 'exit' } as const) : parseChatLine(line);
    if (read.type === 'exit') return failed;
    try {
      if (read.type === 'unknown') {
        tell(`${read.name} is not a command; there are:\n${CHAT_COMMANDS}\n`);
      } else if (read.type === 'message') await commands.message(read.text);
      else await commands[read.type]('rest' in read ? read.rest : '');
    } catch (error) {
      if (!MsdError.is(error)) throw error;
      failed = true;
      tell(reportError(error).text);
      if (error instanceof ContextLengthError) tell('/reset begins a new conversation.\n');
    }
  }
}
