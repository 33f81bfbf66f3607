import { reportPage } from '../../evaluate/report-page.ts';
import type { RunRecord, StepRecord, ValidationRecord } from '../run/records.ts';
import { agreementSection } from './agreement-section.ts';
import { countWord, lossWord, passWord, shareWord } from './report-numbers.ts';
import { provenanceSection, type RunProvenance, runFacts } from './run-provenance.ts';
import { drawSection } from './section-plan.ts';
import { stepSections } from './step-sections.ts';
import { mean } from './thin-points.ts';
import { tokensPerPassSection, validationLossSection } from './validation-sections.ts';

/** Steps whose mean loss stands for the end of training where nothing was validated. */
const LAST_STEPS = 50;

/**
 * A training run as one HTML page: its outcome, its lines over steps, its data and settings. Sections without records
 * are left out. Of records of the same step, as a resumed run writes them, the last one counts.
 */
export async function trainingReport(
  records: readonly RunRecord[],
  provenance: RunProvenance,
): Promise<string> {
  const steps = lastOfEachStep(records.filter((record) => record.kind === 'step'));
  const validations = lastOfEachStep(records.filter((record) => record.kind === 'validation'));
  const plans = [
    tokensPerPassSection(validations),
    agreementSection(validations, steps),
    validationLossSection(validations),
    ...stepSections(steps),
  ];
  const sections = await Promise.all(plans.map(drawSection));
  return reportPage({
    title: `Training of a ${provenance.trained}`,
    headline: headline(steps, validations, provenance),
    facts: runFacts(provenance),
    sections: [...sections.filter((drawn) => drawn !== null), provenanceSection(provenance)],
  });
}

function headline(
  steps: readonly StepRecord[],
  validations: readonly ValidationRecord[],
  { trained, steps: planned }: RunProvenance,
): string {
  const last = validations.at(-1);
  const done = Math.max(steps.at(-1)?.step ?? 0, last?.step ?? 0);
  const after = `After ${countWord(done)}${done < planned ? ` of ${countWord(planned)}` : ''} steps`;
  if (last !== undefined) return `${after}, on held-out dialogues: ${outcome(last, trained)}.`;
  if (steps.length === 0) return 'No step is recorded.';
  const tail = steps.slice(-LAST_STEPS);
  const loss = lossWord(mean(tail.map((step) => step.loss)));
  return `${after}: training loss ${loss}, mean of the last ${tail.length}; nothing was validated.`;
}

function outcome({ all, text, visual }: ValidationRecord, trained: RunProvenance['trained']) {
  const kinds = (word: (figures: typeof all) => string) =>
    text && visual ? ` (text ${word(text)}, visual ${word(visual)})` : '';
  const passes = ({ tokensPerPass }: typeof all) => passWord(tokensPerPass);
  const agrees = ({ agreement }: typeof all) => shareWord(agreement?.[0]);
  const loss = (figures: typeof all) => lossWord(figures.loss);
  return [
    ...(all.tokensPerPass === undefined ? [] : [`${passes(all)} tokens per pass${kinds(passes)}`]),
    ...(all.agreement === undefined
      ? []
      : [`the ${trained} agrees with the target on ${agrees(all)} of tokens${kinds(agrees)}`]),
    `loss ${loss(all)}${kinds(loss)}`,
  ].join('; ');
}

function lastOfEachStep<R extends RunRecord>(records: readonly R[]): R[] {
  const byStep = new Map(records.map((record) => [record.step, record]));
  return [...byStep.values()].toSorted((a, b) => a.step - b.step);
}
