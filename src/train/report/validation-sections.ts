import type { ValidationFigures, ValidationRecord } from '../run/records.ts';
import { countWord, lossWord, NONE, passWord } from './report-numbers.ts';
import type { SectionPlan, TablePlan } from './section-plan.ts';
import { SPLIT_NAMES, type Split, splitsOf, validationSeries } from './validation-series.ts';

export function tokensPerPassSection(validations: readonly ValidationRecord[]): SectionPlan {
  const figure = {
    title: 'Tokens per pass over steps',
    yTitle: 'Tokens per pass of the target',
    yReaches: [1],
    series: validationSeries(validations, ({ tokensPerPass }) => tokensPerPass),
    caption:
      'Tokens that a pass of the target yields, by decoding held-out dialogues. Plain decoding yields 1.',
  };
  return { title: 'Tokens per pass', figures: [figure] };
}

export function validationLossSection(validations: readonly ValidationRecord[]): SectionPlan {
  const figure = {
    title: 'Validation loss over steps',
    yTitle: 'Loss per reply token',
    yScale: 'log' as const,
    series: validationSeries(validations, ({ loss }) => loss),
    caption: 'The loss that training minimises, on held-out dialogues and a logarithmic scale.',
  };
  return {
    title: 'Validation losses',
    figures: [figure],
    tables: [lastFigures(validations.at(-1), splitsOf(validations))],
  };
}

/** A row for each kind of dialogue; no column for what the run does not measure. */
function lastFigures(last: ValidationRecord | undefined, splits: readonly Split[]): TablePlan {
  const columns: readonly [string, (figures: ValidationFigures) => string][] = [
    ['Dialogues', ({ dialogues }) => countWord(dialogues)],
    ['Loss', ({ loss }) => lossWord(loss)],
    ['Feature loss', ({ featureLoss }) => lossWord(featureLoss)],
    ['Total variation', ({ variation }) => lossWord(variation)],
    ['Token loss', ({ tokenLoss }) => lossWord(tokenLoss)],
    ['Confidence loss', ({ confidenceLoss }) => lossWord(confidenceLoss)],
    ['Tokens per pass', ({ tokensPerPass }) => passWord(tokensPerPass)],
  ];
  const rows = splits.flatMap((split) => {
    const figures = last?.[split];
    return figures === undefined ? [] : [{ split, figures }];
  });
  const measured = columns.filter(([, word]) => rows.some(({ figures }) => word(figures) !== NONE));
  return {
    kind: 'table',
    caption: `Held-out dialogues after ${countWord(last?.step ?? 0)} steps.`,
    head: ['Kind', ...measured.map(([name]) => name)],
    rows: rows.map(({ split, figures }) => [
      SPLIT_NAMES[split],
      ...measured.map(([, word]) => word(figures)),
    ]),
  };
}
