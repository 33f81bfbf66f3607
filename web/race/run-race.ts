/**
 * The same question, answered with guesses and without: one after the other, since both at once would slow each other, and
 * after the prompt was read once, so that both find it as warm. Nothing is guessed by what earlier answers left, which may
 * have been this one.
 */
import {
  type Answer,
  isRunning,
  NEW_ANSWER,
  takeEvent,
  textOf,
  wordsOf,
} from '../answer/answer.ts';
import type { AnswerEvent } from '../answer/answer-event.ts';
import { AskError } from '../api/ask-error.ts';
import type { ChatBody } from '../api/chat-body.ts';

export interface Race {
  readonly plain: Answer;
  readonly speculative: Answer;
}

export type RaceStep = 'warming up' | 'plain' | 'speculative';

export interface RaceParts {
  readonly ask: (body: ChatBody) => AsyncGenerator<readonly AnswerEvent[], void, undefined>;
  /** Milliseconds. */
  readonly clock: () => number;
  /** Told as each step begins. */
  readonly tell: (step: RaceStep) => void;
}

/** @throws AskError, and what asking throws */
export async function runRace(body: ChatBody, { ask, clock, tell }: RaceParts): Promise<Race> {
  const run = async (step: RaceStep, asked: ChatBody): Promise<Answer> => {
    tell(step);
    const start = clock();
    let answer = NEW_ANSWER;
    for await (const events of ask(asked)) {
      const at = clock() - start;
      answer = events.reduce((so, event) => takeEvent(so, event, at), answer);
    }
    if (isRunning(answer)) throw new AskError('The stream ended before the answer did.', null);
    return answer;
  };
  const forgetful = { ...body, msd: { ...body.msd, forget: 'likely' } } as const;
  await run('warming up', { ...forgetful, max_tokens: 1 });
  const speculative = await run('speculative', forgetful);
  const plain = await run('plain', { ...body, msd: { passes: true, plain: true } });
  return { plain, speculative };
}

export interface Outcome {
  /** Plain's time over speculation's, from the question to the last token. */
  readonly speedUp: number;
  readonly isSameText: boolean;
  readonly tokens: number;
}

export const outcomeOf = ({ plain, speculative }: Race): Outcome => ({
  speedUp: plain.at / speculative.at,
  isSameText: textOf(plain) === textOf(speculative),
  tokens: wordsOf(speculative).length,
});
