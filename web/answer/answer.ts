/** An answer as it comes: words under the passes that gave them. A pure fold of what the server tells. */
import type { AnswerEvent, PassTimes, Run, ServerClock, Tree } from './answer-event.ts';
import type { Guesser } from './guesser.ts';

export interface Word {
  /** Empty while a character is half done, and of an end token. */
  readonly text: string;
  readonly by: Guesser;
}

export interface Pass extends PassTimes {
  readonly words: readonly Word[];
  /** Null of the prompt's own pass, which gives the first word. */
  readonly tree: Tree | null;
  /** Milliseconds from the question. */
  readonly at: number;
}

type AnswerState = 'waiting' | 'reading' | 'writing' | 'done' | 'stopped' | 'failed';

export interface Answer {
  readonly state: AnswerState;
  readonly run: Run | null;
  readonly promptTokens: number;
  /** Prompt tokens read so far. */
  readonly read: number;
  readonly passes: readonly Pass[];
  /** Words of the pass that is being told. */
  readonly open: readonly Word[];
  readonly firstAt: number;
  /** Milliseconds from the question to the latest event. */
  readonly at: number;
  readonly finish: string | null;
  readonly error: string | null;
}

export const NEW_ANSWER: Answer = {
  ...{ state: 'waiting', run: null, promptTokens: 0, read: 0, passes: [], open: [] },
  ...{ firstAt: 0, at: 0, finish: null, error: null },
};

const NO_TIME: PassTimes = { targetMs: 0, draftMs: 0, hostMs: 0 };

/** @param at milliseconds from the question */
export function takeEvent(answer: Answer, event: AnswerEvent, at: number): Answer {
  switch (event.type) {
    case 'run':
      return { ...answer, at, state: 'reading', run: event.run, promptTokens: event.promptTokens };
    case 'read':
      return { ...answer, at, read: event.done };
    case 'word': {
      const isFirst = answer.passes.length === 0 && answer.open.length === 0;
      const { text, by } = event;
      const open = [...answer.open, { text, by }];
      return { ...answer, at, state: 'writing', open, firstAt: isFirst ? at : answer.firstAt };
    }
    case 'pass': {
      const { passes, open } = promptApart(answer);
      const tree = { ...event.tree, kept: event.tree.kept.slice(0, open.length + 1) }; // an end may cut them
      return {
        ...answer,
        ...{ at, passes: [...passes, { ...event.times, tree, words: open, at }], open: [] },
      };
    }
    case 'end':
      return {
        ...onItsClock(promptApart(answer), event.clock),
        ...{ state: 'done', finish: event.finish },
      };
  }
}

/**
 * Passes at the times that the server took by its own clock: what comes over a connection may come in heaps, and the page
 * may be busy with drawing.
 */
function onItsClock(answer: Answer, { firstToken, total }: ServerClock): Answer {
  const [prompt, ...others] = answer.passes;
  if (prompt === undefined) return { ...answer, at: total };
  const first = firstToken ?? total;
  const sum = others.reduce((ms, pass) => ms + msOf(pass), 0);
  const scale = sum > 0 ? (total - first) / sum : 0;
  let passed = 0;
  const timed = others.map((pass) => {
    passed += msOf(pass);
    return { ...pass, at: first + passed * scale };
  });
  return { ...answer, at: total, firstAt: first, passes: [{ ...prompt, at: first }, ...timed] };
}

export const msOf = ({ targetMs, draftMs, hostMs }: PassTimes): number =>
  targetMs + draftMs + hostMs;

/** The prompt's own pass, which nothing tells of, is the first word. */
function promptApart(answer: Answer): Answer {
  const [first, ...open] = answer.open;
  if (answer.passes.length > 0 || first === undefined) return answer;
  const prompt = { ...NO_TIME, tree: null, words: [first], at: answer.firstAt };
  return { ...answer, passes: [prompt], open };
}

/** An answer that came to an end by a person or by an error. */
export const endAnswer = (answer: Answer, error: string | null): Answer => ({
  ...promptApart(answer),
  state: error === null ? 'stopped' : 'failed',
  error,
});

export const isRunning = ({ state }: Answer): boolean =>
  state === 'waiting' || state === 'reading' || state === 'writing';

export const wordsOf = ({ passes, open }: Pick<Answer, 'passes' | 'open'>): readonly Word[] => [
  ...passes.flatMap(({ words }) => words),
  ...open,
];

export const textOf = (answer: Pick<Answer, 'passes' | 'open'>): string =>
  wordsOf(answer)
    .map(({ text }) => text)
    .join('');
