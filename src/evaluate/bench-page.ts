import type { BenchReport } from './bench-report.ts';
import { CONTEST_HEAD, contestCells, runFacts } from './bench-text.ts';
import { PROMPT_HEAD, promptCells } from './contest-lines.ts';
import type { ContestReport } from './contest-report.ts';
import { ms, times } from './figures.ts';
import { type IntervalRow, plotIntervals } from './plot-intervals.ts';
import { type Fact, type ReportBlock, type ReportSection, reportPage } from './report-page.ts';
import { TASK_HEAD, taskRows } from './task-rows.ts';

/** A bench report as one HTML page that needs nothing but itself. Its plot needs vega and vega-lite, or says so. */
export async function benchPage(report: BenchReport): Promise<string> {
  const { contests } = report;
  const svg = await plotIntervals({
    title: 'Speed-up over plain decoding',
    xTitle: 'Plain decode time over speculative',
    rows: contests.flatMap(intervalRows),
  });
  const caption = 'Medians with their 95 % intervals; a dot for each prompt. 1 is plain decoding.';
  const figure: ReportBlock[] = svg === null ? [] : [{ kind: 'figure', svg, caption }];
  const sections: (ReportSection | null)[] = [
    {
      title: 'Drafters and trees',
      blocks: [...figure, table(DECODE, CONTEST_HEAD, contests.map(contestCells))],
    },
    withRows('Tasks', 'By task: medians of pairs.', TASK_HEAD, taskRows(contests)),
    ...contests.map(contestSection),
    withRows('Cost of a target pass', 'By rows.', COST_HEAD, costCells(report)),
  ];
  return reportPage({
    title: 'Speculative decoding against plain',
    headline: headline(report),
    facts: runFacts(report).map(([name = '', value = '']): Fact => [name, value]),
    sections: sections.filter((section) => section !== null),
  });
}

const DECODE =
  'Decode time (target, draft, host) of plain over speculative: median of pairs, its 95 % interval, spread. Fastest: of the fastest answers of each prompt. Whole: from request to last token.';

function headline({ contests, lossless, ended }: BenchReport): string {
  const best = contests.toSorted((a, b) => (b.speedUp?.median ?? 0) - (a.speedUp?.median ?? 0))[0];
  const words = lossless
    ? 'Every answer was that of plain decoding, token for token.'
    : 'Some answers DIFFER from those of plain decoding.';
  if (best === undefined) return 'No pair was measured.';
  const { drafter, tree, speedUp, tokensPerPass } = best;
  const until =
    ended === 'complete' ? '' : ` The bench was ${ended}; this was measured until then.`;
  return `${drafter}, tree ${tree}: ${times(speedUp?.median)} of plain decoding's speed at ${tokensPerPass.toFixed(2)} tokens a pass. ${words}${until}`;
}

/** Of all prompts, and of each task. */
function intervalRows({ drafter, tree, speedUp, prompts, tasks }: ContestReport): IntervalRow[] {
  const series = `${drafter}, tree ${tree}`;
  const dots = prompts.flatMap((prompt) => prompt.speedUp ?? []);
  const row = (group: string, of: ContestReport['speedUp'], dots: readonly number[]) =>
    of === null ? [] : [{ group, series, mean: of.median, interval: of.interval, dots }];
  return [
    ...row('all prompts', speedUp, dots),
    ...tasks.flatMap((one) => row(one.task, one.speedUp, [])),
  ];
}

function contestSection(contest: ContestReport): ReportSection {
  const { drafter, tree, prompts, choice, trees } = contest;
  const rounds = Object.entries(trees).map(([name, count]) => `${name}: ${count}`);
  const facts: Fact[] = [['Rounds', rounds.join(', ')]];
  return {
    title: `${drafter}, tree ${tree}`,
    blocks: [
      { kind: 'facts', facts: choice === null ? facts : [...facts, ['Choice', choice]] },
      table('Each prompt: medians of its pairs.', PROMPT_HEAD, prompts.map(promptCells)),
    ],
  };
}

const COST_HEAD = ['rows', 'timed at load', 'in rounds', 'rounds'];

function costCells({ costs }: BenchReport): string[][] {
  return costs.target.map(({ rows, atLoad, inRounds }) => [
    String(rows),
    ms(atLoad ?? undefined),
    ms(inRounds?.ms),
    inRounds === null ? '-' : String(inRounds.rounds),
  ]);
}

function table(caption: string, head: readonly string[], rows: string[][]): ReportBlock {
  return { kind: 'table', caption, head, rows };
}

function withRows(
  title: string,
  caption: string,
  head: readonly string[],
  rows: string[][],
): ReportSection | null {
  return rows.length === 0 ? null : { title, blocks: [table(caption, head, rows)] };
}
