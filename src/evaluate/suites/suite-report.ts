import type { ModelInfo } from '../../contracts/load.ts';
import { bootstrap, type Interval } from '../bootstrap.ts';
import type { Machine } from '../machine.ts';
import { median } from '../spread.ts';
import type { RarityRow } from './acceptance-by-rarity.ts';
import { type Asked, type Failed, isAsked } from './run-suite.ts';
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
  /** How often tokens of each rarity were guessed, over all suites. */
  readonly rarity: readonly RarityRow[];
  readonly suites: readonly SuiteReport[];
}

/** Of a suite, or of one of its groups. */
export interface GroupReport {
  readonly name: string;
  readonly asked: number;
  /** Share of what was asked; null where nothing is judged. */
  readonly right: number | null;
  /** Of pages that are to be read, the share of their characters that is wrong. */
  readonly charactersWrong?: number;
  readonly same: number;
  /** Of speculative answers, after the prompt's own pass. */
  readonly tokensPerPass: number;
  readonly tokensPerAnswer: number;
  /** Medians over questions. */
  readonly speedUp: number | null;
  readonly wholeSpeedUp: number | null;
}

export interface SuiteReport extends GroupReport {
  readonly name: SuiteName;
  readonly title: string;
  readonly rightInterval: Interval | null;
  readonly firstRight: number | null;
  readonly speculativeRight: number | null;
  /** In the order of their first question; none where the suite has no groups. */
  readonly groups: readonly GroupReport[];
  /** What could not be fetched or was not there. */
  readonly missing: readonly string[];
  /** Questions without an answer, which no figure counts. */
  readonly failed: readonly { readonly name: string; readonly failure: string }[];
  readonly questions: readonly QuestionReport[];
}

export interface QuestionReport extends Omit<Asked, 'item'> {
  readonly name: string;
  readonly group?: string;
  readonly question: string;
  /** What counts as right. */
  readonly answers: Suite['items'][number]['answers'];
}

/** @param random uniform in [0, 1), for the interval */
export function suiteReport(
  { name, title, items, missing, weighsGroups }: Suite,
  outcomes: readonly (Asked | Failed)[],
  random: () => number,
): SuiteReport {
  const asked = outcomes.filter(isAsked);
  const groupOf = ({ item }: Asked) => items[item]?.group ?? '';
  const groups = [...new Set(asked.map(groupOf))].filter((group) => group !== '');
  const share = (part: 'right' | 'firstRight' | 'speculativeRight') => {
    const judged = asked.map((one) => ({ group: groupOf(one), right: one[part] }));
    return weighsGroups ? meanOfGroups(judged) : rightShare(judged);
  };
  const judged = asked.filter(({ right }) => right !== null);
  const samples = judged.map((one) => [{ group: groupOf(one), right: one.right }]);
  const statistic = weighsGroups ? meanOfGroups : rightShare;
  return {
    ...groupReport(name, asked),
    ...{ name, title },
    right: share('right'),
    rightInterval: bootstrap(samples, (drawn) => statistic(drawn) ?? 0, random),
    firstRight: share('firstRight'),
    speculativeRight: share('speculativeRight'),
    groups: groups.map((group) => {
      return groupReport(
        group,
        asked.filter((one) => groupOf(one) === group),
      );
    }),
    missing,
    failed: outcomes.flatMap((one) =>
      isAsked(one) ? [] : { name: items[one.item]?.name ?? '', failure: one.failure },
    ),
    questions: asked.flatMap(({ item, ...rest }) => {
      const one = items[item];
      if (one === undefined) return [];
      const group = one.group === undefined ? {} : { group: one.group };
      return { name: one.name, ...group, question: one.question, answers: one.answers, ...rest };
    }),
  };
}

interface Judged {
  readonly group: string;
  readonly right: boolean | null;
}

function rightShare(all: readonly Judged[]): number | null {
  const judged = all.filter(({ right }) => right !== null);
  return judged.length === 0 ? null : judged.filter(({ right }) => right).length / judged.length;
}

function meanOfGroups(all: readonly Judged[]): number | null {
  const groups = [...new Set(all.map(({ group }) => group))];
  const shares = groups.map((group) => rightShare(all.filter((one) => one.group === group)) ?? 0);
  return shares.length === 0 ? null : sum(shares) / shares.length;
}

function groupReport(name: string, asked: readonly Asked[]): GroupReport {
  const total = (part: (one: Asked) => number) => sum(asked.map(part));
  const passes = total((one) => one.passes);
  const speedUps = asked.flatMap(({ speedUp }) => speedUp ?? []);
  const pages = asked.flatMap(({ characters }) => characters ?? []);
  const count = asked.length;
  return {
    name,
    asked: count,
    right: rightShare(asked.map(({ right }) => ({ group: name, right }))),
    ...(pages.length > 0 && {
      charactersWrong: sum(pages.map(({ errors }) => errors)) / sum(pages.map(({ of }) => of)),
    }),
    same: count === 0 ? 1 : asked.filter(({ same }) => same).length / count,
    tokensPerPass: passes === 0 ? 0 : total(({ tokens }) => tokens - 1) / passes,
    tokensPerAnswer: count === 0 ? 0 : total(({ tokens }) => tokens) / count,
    speedUp: speedUps.length === 0 ? null : median(speedUps),
    wholeSpeedUp: count === 0 ? null : median(asked.map((one) => one.wholeSpeedUp)),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
