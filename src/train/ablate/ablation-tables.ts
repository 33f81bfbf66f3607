import { shapeName } from '../../decode/tree-shape.ts';
import { countWord, durationWord } from '../report/report-numbers.ts';
import type { Ablation, AblationArm } from './ablation.ts';
import { type Estimate, TASKS } from './estimate.ts';
import { TIMED_TREE } from './measure-arm.ts';

/** A table of an ablation, for a terminal, Markdown or a page. */
export interface AblationTable {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What every arm reached. */
export function armsTable({ arms, seeds, prompts }: Ablation): AblationTable {
  const state = ({ converged, moved }: AblationArm) =>
    `${(100 * moved).toFixed(1)} %${converged ? '' : ', not converged'}`;
  return {
    caption: `Tokens per pass (tree 59,5,10, greedy, at most 64 tokens) of ${prompts.text} prompts without pictures and ${prompts.visual} with, and time of plain decoding over the draft's (tree ${shapeName(TIMED_TREE)}; ${prompts.timed} prompts, median of 3 pairs); means of ${seeds} seeds with 95 % intervals over prompts and seeds. Moved: the validation loss in the last fifth of the steps.`,
    head: [
      'Arm',
      ...TASKS.map((task) => `Tokens per pass, ${task}`),
      ...TASKS.map((task) => `Speed-up, ${task}`),
      'Validation loss',
      'Moved',
    ],
    rows: arms.map((arm) => [
      arm.name,
      ...TASKS.map((task) => estimateWord(arm.tasks[task].tokensPerPass)),
      ...TASKS.map((task) => estimateWord(arm.tasks[task].speedUp)),
      arm.loss.toFixed(3),
      state(arm),
    ]),
  };
}

/** What each idea adds; null where the four arms have not all converged. */
export function sharesTable({ shares }: Ablation): AblationTable | null {
  if (shares === null) return null;
  const part = (of: Estimate, total: Estimate) =>
    `${estimateWord(of)}${Math.abs(total.mean) < 1e-9 ? '' : `, ${((100 * of.mean) / total.mean).toFixed(0)} %`}`;
  return {
    caption:
      'Gain in tokens per pass of (decoupled, two-stage) over (fused, mixed), and the mean effect of each idea without and with the other, with 95 % intervals paired by prompt and seed. Interaction: what both add beyond what each adds alone.',
    head: ['Task', 'Both ideas', 'Decoupling', 'Two stages', 'Interaction'],
    rows: TASKS.map((task) => {
      const { total, decoupling, stages, interaction } = shares[task];
      return [
        task,
        estimateWord(total),
        part(decoupling, total),
        part(stages, total),
        estimateWord(interaction),
      ];
    }),
  };
}

/** What a run of each arm costs. */
export function costsTable({ arms }: Ablation): AblationTable {
  return {
    caption:
      'What a run costs, mean of the seeds: reply tokens learned from (the common budget), tokens read, time of its steps, and the most memory that the process held (the target and all features in memory included).',
    head: ['Arm', 'Steps', 'Reply tokens', 'Tokens read', 'Pictures', 'Time', 'Memory'],
    rows: arms.map(({ name, steps, replyTokens, rows, share, seconds, peakBytes }) => [
      name,
      countWord(Math.round(steps)),
      countWord(Math.round(replyTokens)),
      countWord(Math.round(rows)),
      `${(100 * share).toFixed(0)} %`,
      durationWord(seconds),
      `${(peakBytes / 2 ** 20).toFixed(0)} MiB`,
    ]),
  };
}

/** The overhead of two stages against one, in a sentence. */
export function overheadSentence({ arms }: Ablation): string {
  const of = (name: string) => arms.find((arm) => arm.name === name);
  const [two, one] = [of('decoupled two-stage'), of('decoupled mixed')];
  if (two === undefined || one === undefined) return '';
  const against = (a: number, b: number) =>
    `${a >= b ? '+' : ''}${((100 * (a - b)) / b).toFixed(1)} %`;
  return `Two stages against one, decoupled, at equal reply tokens: time ${against(two.seconds, one.seconds)}, tokens read ${against(two.rows, one.rows)}, memory ${against(two.peakBytes, one.peakBytes)}.`;
}

/** Which arms don't count. */
export function convergenceSentence({ arms }: Ablation): string {
  const open = arms.filter(({ converged }) => !converged).map(({ name }) => name);
  if (open.length === 0)
    return 'Every arm has converged: its loss moved less than 2 % in the last fifth.';
  return `Not converged, and so not counted: ${open.join(', ')} (the loss moved 2 % or more in the last fifth). Train longer with steps=N.`;
}

function estimateWord({ mean, interval: { low, high } }: Estimate): string {
  return `${mean.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
}
