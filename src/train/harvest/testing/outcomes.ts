import { PromptError } from '../../../contracts/errors.ts';
import type { NormalMessage } from '../../../input/messages.ts';
import type { Outcome } from '../answer-dialogues.ts';

/** A dialogue that was answered, once for each of its assistant's messages. */
export function answeredOutcome(
  index: number,
  messages: readonly NormalMessage[],
  images: readonly string[] = [],
): Outcome {
  const replies = messages.filter(({ role }) => role === 'assistant');
  const answers = replies.map((_, i) => {
    const ids = Array.from({ length: i + 1 }, (_, place) => 10 * i + place);
    return { finish: 'stop', tokens: ids.length, ids, seed: i } as const;
  });
  const dialogue = { place: { file: 'data.json', index }, messages, images };
  return { index, dialogue, answered: { messages, images, answers } };
}

export function refusedOutcome(index: number, reason: string): Outcome {
  const dialogue = { place: { file: 'data.json', index }, messages: [], images: [] };
  return { index, dialogue, refused: new PromptError(reason) };
}

export const said = (role: NormalMessage['role'], text: string): NormalMessage => ({
  role,
  content: [{ type: 'text', text }],
});
