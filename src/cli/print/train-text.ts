import { counted } from '../../contracts/counted.ts';
import { textColumns } from '../../evaluate/text-columns.ts';
import type { DataPlan, MemoryPlan, TrainingPlan } from '../../train/plan-training.ts';
import { countWord, durationWord } from '../../train/report/report-numbers.ts';
import type { ValidationFigures, ValidationRecord } from '../../train/run/records.ts';
import type { Training } from '../../train/training.ts';
import { shownPath } from './shown-path.ts';
import { byteSize } from './units.ts';

/** What runs, told before the first step. */
export function startText(training: Training, out: string): string {
  return lines([...whatRuns(training), ['run folder', out]]);
}

/** What a run will do, and what it costs. */
export function planText(training: Training, plan: TrainingPlan): string {
  const { course, pace } = training;
  const about = plan.exact ? '' : 'about ';
  const seconds = plan.steps * plan.secondsPerStep + plan.validations * plan.secondsPerValidation;
  return `${lines([
    ...whatRuns(training),
    ['learns from', dataText(plan.training)],
    ['held out', dataText(plan.validation)],
    ['left out', `${countWord(plan.leftOut)} records or dialogues`],
    [
      'reads',
      `${about}${countWord(plan.replyTokens)} reply tokens, ${countWord(plan.rows)} tokens in all`,
    ],
    [
      'rate',
      `from ${course.peakRate(0).toPrecision(3)} over ${highestRate(course).toPrecision(3)} to ${course.peakRate(course.steps - 1).toPrecision(3)}`,
    ],
    ['judges', `every ${countWord(pace.validateEvery)} steps`],
    ['saves', `every ${countWord(pace.checkpointEvery)} steps`],
    ['holds', memoryText(plan.memory)],
    [
      'takes',
      `about ${durationWord(seconds)}: ${(1000 * plan.secondsPerStep).toFixed(0)} ms a step, mean of ${plan.measuredSteps} measured without cached features, and ${plan.validations} validations of about ${durationWord(plan.secondsPerValidation)}; the last one decodes more`,
    ],
  ])}\n`;
}

function whatRuns({ trains, facts, config, course }: Training): [string, string][] {
  const { model, draft, precision, device, threads, parameters } = facts;
  const begins = draft === undefined ? '' : `, beginning with ${shownPath(draft)}`;
  const subject = trains === 'draft' ? `a draft for ${shownPath(model)}` : shownPath(model);
  return [
    ['trains', `${subject}${begins}; ${countWord(parameters)} numbers learn`],
    ['runs', `${precision} on ${device}, ${counted(threads, 'thread')}`],
    ['steps', `${countWord(course.steps)} of ${config.batch} dialogues, seed ${config.seed}`],
  ];
}

function memoryText({
  base,
  weights,
  moments,
  gradients,
  features,
  networks,
  peak,
}: MemoryPlan): string {
  const parts = [
    `weights ${byteSize(weights)}`,
    `moments ${byteSize(moments)}`,
    `gradients ${byteSize(gradients)}`,
    `features ${byteSize(features)}`,
    `networks ${byteSize(networks)}`,
    `target, data and program ${byteSize(base)}`,
  ];
  return `about ${byteSize(peak)} at the peak: ${parts.join(', ')}`;
}

function dataText({ text, visual, tokens, replyTokens }: DataPlan): string {
  return `${countWord(text)} dialogues without pictures and ${countWord(visual)} with: ${countWord(tokens)} tokens, ${countWord(replyTokens)} of them replies`;
}

function highestRate({ steps, peakRate }: Training['course']): number {
  const stride = Math.max(1, Math.floor(steps / 1000));
  let highest = 0;
  for (let step = 0; step < steps; step += stride) highest = Math.max(highest, peakRate(step));
  return highest;
}

/** One line about a validation. */
export function validationLine({ step, all, text, visual }: ValidationRecord): string {
  const both = text !== undefined && visual !== undefined;
  const of = (figure: (figures: ValidationFigures) => string) =>
    both ? `${figure(all)} (text ${figure(text)}, visual ${figure(visual)})` : figure(all);
  const parts = [`loss ${of(({ loss }) => loss.toFixed(3))}`];
  if (all.agreement !== undefined) {
    parts.push(`agrees ${of(({ agreement }) => `${(100 * (agreement?.[0] ?? 0)).toFixed(0)} %`)}`);
  }
  if (all.tokensPerPass !== undefined) {
    parts.push(`tokens per pass ${of(({ tokensPerPass = 0 }) => tokensPerPass.toFixed(2))}`);
  }
  return `step ${step}, held out: ${parts.join(', ')}`;
}

const lines = (facts: [string, string][]): string => textColumns(facts, [0, 1]).join('\n');
