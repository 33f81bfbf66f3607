/**
 * The same question, answered without guesses and with them: one after the other, since both at once would slow each other,
 * and after the prompt was read once, so that both find it as warm. What takes little time is measured again, in the other
 * order, and of each the fastest counts.
 */
import { type Answer, NEW_ANSWER, takeEvent, textOf, wordsOf } from '../answer/answer.ts';
import type { AnswerEvent } from '../answer/answer-event.ts';
import type { ChatBody } from '../api/chat-body.ts';

export interface Race {
  readonly plain: Answer;
  readonly speculative: Answer;
  /** How often each was measured. */
  readonly rounds: number;
}

/** Milliseconds after which a round is enough, and the most of them. */
const ENOUGH = 2000;
const MOST_ROUNDS = 3;

export type RaceStep = 'warming up' | 'plain' | 'speculative';

export interface RaceParts {
  readonly ask: (body: ChatBody) => AsyncGenerator<readonly AnswerEvent[], void, undefined>;
  /** Milliseconds. */
  readonly clock: () => number;
  /** Told as each step begins. */
  readonly tell: (step: RaceStep) => void;
}

/** @throws what asking throws */
export async function runRace(body: ChatBody, { ask, clock, tell }: RaceParts): Promise<Race> {
  const run = async (step: RaceStep, asked: ChatBody): Promise<Answer> => {
    tell(step);
    const start = clock();
    let answer = NEW_ANSWER;
    for await (const events of ask(asked)) {
      const at = clock() - start;
      answer = events.reduce((so, event) => takeEvent(so, event, at), answer);
    }
    return answer;
  };
  await run('warming up', { ...body, max_tokens: 1 });
  const plain = () => run('plain', { ...body, msd: { passes: true, plain: true } });
  const speculative = () => run('speculative', body);
  const start = clock();
  let best: Race = { plain: await plain(), speculative: await speculative(), rounds: 1 };
  while (best.rounds < MOST_ROUNDS && clock() - start < ENOUGH) {
    const isTurned = best.rounds % 2 === 1;
    const early = await (isTurned ? speculative() : plain());
    const late = await (isTurned ? plain() : speculative());
    best = {
      plain: faster(best.plain, isTurned ? late : early),
      speculative: faster(best.speculative, isTurned ? early : late),
      rounds: best.rounds + 1,
    };
  }
  return best;
}

const faster = (a: Answer, b: Answer): Answer => (b.at < a.at ? b : a);

export interface Outcome {
  /** Plain's time over speculation's, from the question to the last token. */
  readonly speedUp: number;
  readonly isSameText: boolean;
  readonly tokens: number;
}

export const outcomeOf = ({ plain, speculative }: Omit<Race, 'rounds'>): Outcome => ({
  speedUp: plain.at / speculative.at,
  isSameText: textOf(plain) === textOf(speculative),
  tokens: wordsOf(speculative).length,
});
