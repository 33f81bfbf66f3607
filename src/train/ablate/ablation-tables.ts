import { counted } from '../../contracts/counted.ts';
import { shapeName } from '../../decode/tree-shape.ts';
import { countWord, durationWord, NONE } from '../report/report-numbers.ts';
import type { Ablation, AblationArm } from './ablation.ts';
import { FACTORIAL } from './arms.ts';
import { type Estimate, type Idea, TASKS } from './estimate.ts';
import { TIMED_TREE } from './measure-arm.ts';

/** A table of an ablation, for a terminal, Markdown or a page. */
export interface AblationTable {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What every arm reached. */
export function passesTable({ arms, seeds, prompts }: Ablation): AblationTable {
  return {
    caption: `Tokens per pass (tree 59,5,10, greedy, at most 64 tokens) on ${prompts.text} prompts without pictures and ${prompts.visual} with: means of ${counted(seeds, 'seed')}, with 95 % intervals over prompts and seeds. Loss: on held-out dialogues of the kinds that the arm learns from, mean of the seeds; from start: its change since before the first step, of the seed where it is least; moved: its change in the last fifth of the steps, of the seed where it is largest.`,
    head: ['Arm', ...TASKS, 'Loss', 'From start', 'Moved'],
    rows: arms.map((arm) => [
      arm.name,
      ...TASKS.map((task) => estimateWord(arm.tasks[task].tokensPerPass)),
      (arm.loss.reduce((sum, loss) => sum + loss, 0) / arm.loss.length).toFixed(4),
      signedPercent(-Math.min(...arm.fell)),
      `${signedPercent(mostMoved(arm))}${stateWord(arm)}`,
    ]),
  };
}

/** Time of plain decoding over the draft's. */
export function speedUpsTable({ arms, prompts }: Ablation): AblationTable {
  return {
    caption: `Time of plain decoding over the draft's (tree ${shapeName(TIMED_TREE)}, ${prompts.timed} prompts, median of 3 pairs each), geometric mean with a 95 % interval over prompts and seeds. Fewer passes save time where a pass of the target costs more than the draft's levels; of a tiny target it does not.`,
    head: ['Arm', ...TASKS],
    rows: arms.map(({ name, tasks }) => [
      name,
      ...TASKS.map((task) => estimateWord(tasks[task].speedUp)),
    ]),
  };
}

/** What each idea adds; null where not all of the four arms were trained and have converged. */
export function sharesTable({ shares }: Ablation): AblationTable | null {
  if (shares === null) return null;
  return {
    caption:
      'Gain in tokens per pass of (decoupled, two-stage) over (fused, mixed), and the mean effect of each idea without and with the other; behind it its share of the gain where there surely is one. Interaction: what both add beyond what each adds alone. 95 % intervals, paired by prompt and seed.',
    head: ['Task', 'Both ideas', 'Decoupling', 'Two stages', 'Interaction'],
    rows: TASKS.map((task) => {
      const { total, decoupling, stages, interaction } = shares[task];
      const part = ({ gain, share }: Idea) =>
        total.interval.low > 0
          ? `${estimateWord(gain)} (${percentsWord(share)})`
          : estimateWord(gain);
      return [task, estimateWord(total), part(decoupling), part(stages), estimateWord(interaction)];
    }),
  };
}

/** What a run of each arm costs. */
export function costsTable({ arms }: Ablation): AblationTable {
  return {
    caption:
      'What a run costs, median of the seeds: reply tokens learned from (the common budget), tokens read, time of its steps with the features of the target in memory, and the most memory that the process held, target and features included.',
    head: ['Arm', 'Steps', 'Reply tokens', 'Tokens read', 'Pictures', 'Time', 'Memory'],
    rows: arms.map(({ name, steps, replyTokens, rows, share, seconds, peakBytes }) => [
      name,
      countWord(steps),
      countWord(replyTokens),
      countWord(rows),
      `${(100 * share).toFixed(0)} %`,
      durationWord(seconds),
      `${(peakBytes / 2 ** 20).toFixed(0)} MiB`,
    ]),
  };
}

/** The overhead of two stages against one, in a sentence. */
export function overheadSentence({ arms }: Ablation): string {
  const of = (name: string) => arms.find((arm) => arm.name === name);
  const [two, one] = [of(FACTORIAL.both.name), of(FACTORIAL.decoupling.name)];
  if (two === undefined || one === undefined) return '';
  const against = (a: number, b: number) => signedPercent((a - b) / b);
  return `Two stages against one, decoupled, at equal reply tokens: time ${against(two.seconds, one.seconds)}, tokens read ${against(two.rows, one.rows)}, memory ${against(two.peakBytes, one.peakBytes)}.`;
}

/** Which arms don't count. */
export function convergenceSentence({ arms }: Ablation): string {
  const names = (some: readonly AblationArm[]) => some.map(({ name }) => name).join(', ');
  const untrained = arms.filter(({ trained }) => !trained);
  const open = arms.filter(({ trained, converged }) => trained && !converged);
  if (untrained.length + open.length === 0) {
    return 'Every arm has converged: at every seed its validation loss moved less than 2 % in the last fifth of its steps.';
  }
  return [
    ...(untrained.length === 0
      ? []
      : [
          `Not trained, and so not counted: ${names(untrained)} (the validation loss came down by less than 10 % from where it began).`,
        ]),
    ...(open.length === 0
      ? []
      : [
          `Not converged, and so not counted: ${names(open)} (the validation loss moved 2 % or more in the last fifth of the steps).`,
        ]),
    'Train longer with steps=N, or at another optimiser.rate.',
  ].join(' ');
}

function stateWord({ trained, converged }: AblationArm): string {
  if (!trained) return ', not trained';
  return converged ? '' : ', not converged';
}

function mostMoved({ moved }: AblationArm): number {
  return moved.reduce((most, part) => (Math.abs(part) > Math.abs(most) ? part : most), 0);
}

const signedPercent = (part: number): string =>
  `${part >= 0 ? '+' : '-'}${Math.abs(100 * part).toFixed(1)} %`;

function percentsWord({ mean, interval: { low, high } }: Estimate): string {
  const percent = (part: number) => (100 * part).toFixed(0);
  return `${percent(mean)} % [${percent(low)}, ${percent(high)}]`;
}

function estimateWord({ mean, interval: { low, high } }: Estimate): string {
  if (!Number.isFinite(mean)) return NONE;
  return `${mean.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
}
