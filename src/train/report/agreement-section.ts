import type { StepRecord, ValidationRecord } from '../run/records.ts';
import { countWord, shareWord } from './report-numbers.ts';
import type { FigurePlan, SectionPlan, TablePlan } from './section-plan.ts';
import { lineSentence, smoothedSeries } from './step-series.ts';
import {
  SPLIT_NAMES,
  type Split,
  splitsOf,
  validationPoints,
  validationSeries,
} from './validation-series.ts';

/** How often the draft guesses what the target says: by depth, text beside visual, and in the training batches. */
export function agreementSection(
  validations: readonly ValidationRecord[],
  steps: readonly StepRecord[],
): SectionPlan {
  const splits = splitsOf(validations);
  const depths = Math.max(0, ...validations.map(({ all }) => all.agreement?.length ?? 0));
  const byDepth = {
    title: 'Agreement by depth over steps',
    yTitle: 'Share of reply tokens',
    yFormat: '~%',
    yReaches: [0],
    series: Array.from({ length: depths }, (_, depth) => ({
      name: `depth ${depth + 1}`,
      points: validationPoints(validations, ({ all }) => all.agreement?.[depth]),
    })),
    caption:
      "Share of reply tokens of held-out dialogues at which the draft agrees with the target. At depth 1 it reads the target's features, deeper its own guesses; a block draft's depths are its slots, behind the reply's own tokens.",
  };
  const bySplit = {
    title: 'Agreement at depth 1 over steps, text and visual',
    yTitle: 'Share of reply tokens',
    yFormat: '~%',
    yReaches: [0],
    series: splits.length > 1 ? validationSeries(validations, (f) => f.agreement?.[0]) : [],
    caption: 'The same at depth 1, for dialogues without and with pictures.',
  };
  return {
    title: 'Agreement with the target',
    figures: [byDepth, bySplit, trainingAgreement(steps)],
    tables: [agreementTable(validations, splits, depths)],
  };
}

function agreementTable(
  validations: readonly ValidationRecord[],
  splits: readonly Split[],
  depths: number,
): TablePlan {
  const last = validations.findLast(({ all }) => all.agreement !== undefined);
  return {
    kind: 'table',
    caption: `Agreement after ${countWord(last?.step ?? 0)} steps.`,
    head: ['Depth', ...splits.map((split) => SPLIT_NAMES[split])],
    rows: Array.from({ length: last === undefined ? 0 : depths }, (_, depth) => [
      String(depth + 1),
      ...splits.map((split) => shareWord(last?.[split]?.agreement?.[depth])),
    ]),
  };
}

/** Agreement of the draft's first guess, in the batches it learns from. */
function trainingAgreement(steps: readonly StepRecord[]): FigurePlan {
  return {
    title: 'Agreement in training over steps',
    yTitle: 'Share of reply tokens',
    yFormat: '~%',
    yReaches: [0],
    series: smoothedSeries('in training', steps, ({ agreement }) => agreement),
    caption: `Share of reply tokens in the training batches at which the draft's likeliest token is the target's.${lineSentence(steps.length)}`,
  };
}
