import type { ModelInfo } from '../../contracts/load.ts';
import { bootstrap, type Interval } from '../bootstrap.ts';
import type { Machine } from '../machine.ts';
import { median } from '../spread.ts';
import type { Asked } from './run-suite.ts';
import type { Suite, SuiteName } from './suite.ts';

/** Everything that `msd eval` tells, as its JSON holds it. */
export interface EvalReport {
  /** 'interrupted' holds what was asked until then. */
  readonly ended: 'complete' | 'interrupted';
  readonly model: Omit<ModelInfo, 'costs'>;
  readonly machine: Machine;
  readonly maxTokens: number;
  /** Whether every speculative answer was plain's, token for token. */
  readonly lossless: boolean;
  readonly suites: readonly SuiteReport[];
}

export interface SuiteReport {
  readonly name: SuiteName;
  readonly title: string;
  readonly asked: number;
  /** Shares of what was asked. */
  readonly right: number;
  readonly rightInterval: Interval | null;
  readonly firstRight: number;
  readonly speculativeRight: number;
  readonly same: number;
  /** Of speculative answers, after the prompt's own pass. */
  readonly tokensPerPass: number;
  readonly tokensPerAnswer: number;
  /** Medians over questions. */
  readonly speedUp: number | null;
  readonly wholeSpeedUp: number | null;
  /** What could not be fetched or was not there. */
  readonly missing: readonly string[];
  readonly questions: readonly QuestionReport[];
}

export interface QuestionReport extends Omit<Asked, 'item'> {
  readonly name: string;
  readonly question: string;
  /** What counts as right. */
  readonly answers: Suite['items'][number]['answers'];
}

/** @param random uniform in [0, 1), for the interval */
export function suiteReport(
  { name, title, items, missing }: Suite,
  asked: readonly Asked[],
  random: () => number,
): SuiteReport {
  const share = (holds: (one: Asked) => boolean) =>
    asked.length === 0 ? 0 : asked.filter(holds).length / asked.length;
  const sum = (part: (one: Asked) => number) => asked.reduce((total, one) => total + part(one), 0);
  const passes = sum((one) => one.passes);
  const speedUps = asked.flatMap(({ speedUp }) => speedUp ?? []);
  const rights = asked.map(({ right }) => [Number(right)]);
  const mean = (drawn: readonly number[]) =>
    drawn.reduce((total, value) => total + value, 0) / drawn.length;
  return {
    name,
    title,
    asked: asked.length,
    right: share(({ right }) => right),
    rightInterval: bootstrap(rights, mean, random),
    firstRight: share(({ firstRight }) => firstRight),
    speculativeRight: share(({ speculativeRight }) => speculativeRight),
    same: share(({ same }) => same),
    tokensPerPass: passes === 0 ? 0 : sum(({ tokens }) => tokens - 1) / passes,
    tokensPerAnswer: asked.length === 0 ? 0 : sum(({ tokens }) => tokens) / asked.length,
    speedUp: speedUps.length === 0 ? null : median(speedUps),
    wholeSpeedUp: asked.length === 0 ? null : median(asked.map((one) => one.wholeSpeedUp)),
    missing,
    questions: asked.flatMap(({ item, ...rest }) => {
      const one = items[item];
      if (one === undefined) return [];
      return { name: one.name, question: one.question, answers: one.answers, ...rest };
    }),
  };
}
