import type { BenchReport, VariantWays } from './bench-report.ts';
import { runFacts, syntheticSentence, VARIANT_HEAD, variantCells } from './bench-text.ts';
import { CONTEXT_HEAD, contextCells, contextSentence } from './context-rows.ts';
import type { ContextReport } from './context-runs.ts';
import { DEPTH_HEAD, depthCells } from './depth-rows.ts';
import { ms, times } from './figures.ts';
import { type IntervalRow, plotIntervals } from './plot-intervals.ts';
import { plotLines } from './plot-lines.ts';
import { plotShares } from './plot-shares.ts';
import { type Fact, type ReportBlock, type ReportSection, reportPage } from './report-page.ts';
import { TASK_HEAD, taskRows } from './task-rows.ts';
import { DECODE_PARTS, readingShare, SPLIT_HEAD, splitCells } from './time-split.ts';
import { PROMPT_HEAD, promptCells } from './variant-lines.ts';
import type { VariantReport } from './variant-report.ts';
import { TRIED_HEAD, triedCells, WAYS_NOTES, wayCells, waysHead } from './way-rows.ts';

/** A bench report as one HTML page that needs nothing but itself. Its plots need vega and vega-lite, or say so. */
export async function benchPage(report: BenchReport): Promise<string> {
  const { variants, contexts } = report;
  const sections: (ReportSection | null)[] = [
    ...(await Promise.all(report.ways.map(waysSection))),
    {
      title: 'Drafters and trees',
      blocks: [
        ...(await speedUpFigure(variants)),
        table(DECODE, VARIANT_HEAD, variants.map(variantCells)),
      ],
    },
    withRows('Kinds of prompt', 'By task: medians of pairs.', TASK_HEAD, taskRows(variants)),
    ...(await Promise.all(variants.map(variantSection))),
    await costSection(report),
    contexts && (await contextSection(contexts)),
  ];
  return reportPage({
    title: 'Speculative decoding against plain',
    headline: headline(report),
    facts: runFacts(report).map(([name = '', value = '']): Fact => [name, value]),
    sections: sections.filter((section) => section !== null),
  });
}

async function speedUpFigure(variants: BenchReport['variants']): Promise<ReportBlock[]> {
  const svg = await plotIntervals({
    title: 'Speed-up over plain decoding',
    xTitle: 'Plain decode time over speculative',
    rows: variants.flatMap(intervalRows),
  });
  return figure(
    svg,
    'Medians with their 95 % intervals; a dot for each prompt. 1 is plain decoding.',
  );
}

/** Ours beside other engines. */
async function waysSection(variant: VariantWays): Promise<ReportSection> {
  const { drafter, tree, ways } = variant;
  const svg = await plotIntervals({
    title: 'Tokens a second of each way',
    xTitle: 'Tokens a second, from the request to the last token',
    rows: ways.map(({ name, tokensPerSecond: { value, interval } }) => {
      return { group: name, series: 'all prompts', mean: value, interval, dots: [] };
    }),
  });
  return {
    title: `Beside other engines: ${drafter}, tree ${tree}`,
    blocks: [
      ...figure(svg, 'All tokens over all time, with 95 % intervals by bootstrap over prompts.'),
      table(WAYS_NOTES.join(' '), waysHead(variant), ways.map(wayCells)),
      { kind: 'facts', facts: ways.map(({ name, runs }): Fact => [name, runs]) },
      ...rowsOf(
        'Settings that were tried on a warm-up; the fastest was kept.',
        TRIED_HEAD,
        triedCells(ways),
      ),
    ],
  };
}

const DECODE =
  'Decode time (target, draft, host) of plain over speculative: median of pairs, its 95 % interval, spread. Fastest: of the fastest answers of each prompt. Whole: from request to last token.';

function headline(report: BenchReport): string {
  const { variants, lossless, ended } = report;
  const best = variants.toSorted((a, b) => (b.speedUp?.median ?? 0) - (a.speedUp?.median ?? 0))[0];
  const words = lossless
    ? 'Every answer was that of plain decoding, token for token.'
    : 'Some answers DIFFER from those of plain decoding.';
  if (best === undefined) return 'No pair was measured.';
  const { drafter, tree, speedUp, tokensPerPass } = best;
  const syntheticText = syntheticSentence(report);
  const until =
    ended === 'complete' ? '' : ` The bench was ${ended}; this was measured until then.`;
  return `${drafter}, tree ${tree}: ${times(speedUp?.median)} of plain decoding's speed at ${tokensPerPass.toFixed(2)} tokens a pass. ${words}${besideText(report)}${until}${syntheticText === null ? '' : ` SYNTHETIC: ${syntheticText}.`}`;
}

/** The best variant's speed beside each rival's. */
function besideText({ ways }: BenchReport): string {
  const [, own, ...rivals] =
    ways
      .map((variant) => variant.ways)
      .sort(
        ([, a], [, b]) => (b?.tokensPerSecond.value ?? 0) - (a?.tokensPerSecond.value ?? 0),
      )[0] ?? [];
  if (own === undefined) return '';
  const each = rivals.map(
    ({ name, speculativeOver }) => `${times(speculativeOver.value)} of ${name}'s`,
  );
  return ` Its tokens a second are ${each.join(', ')}.`;
}

/** Of all prompts, and of each task. */
function intervalRows({ drafter, tree, speedUp, prompts, tasks }: VariantReport): IntervalRow[] {
  const series = `${drafter}, tree ${tree}`;
  const dots = prompts.flatMap((prompt) => prompt.speedUp ?? []);
  const row = (group: string, of: VariantReport['speedUp'], dots: readonly number[]) =>
    of === null ? [] : [{ group, series, mean: of.median, interval: of.interval, dots }];
  return [
    ...row('all prompts', speedUp, dots),
    ...tasks.flatMap((one) => row(one.task, one.speedUp, [])),
  ];
}

async function variantSection(variant: VariantReport): Promise<ReportSection> {
  const { drafter, tree, prompts, choice, trees, perAnswer, depths } = variant;
  const rounds = Object.entries(trees).map(([name, count]) => `${name}: ${count}`);
  const facts: Fact[] = [
    ['Rounds', rounds.join(', ')],
    ['Draft reads the prompt', `in ${readingShare(variant)} of what prefill takes`],
  ];
  const split = await plotShares({
    title: 'Where the time of decoding goes',
    xTitle: 'Milliseconds of an answer, mean',
    bars: (['plain', 'speculative'] as const).map((side) => ({
      name: side,
      parts: Object.fromEntries(
        Object.entries(DECODE_PARTS).map(([part, of]) => [part, of(perAnswer[side])]),
      ),
    })),
  });
  return {
    title: `${drafter}, tree ${tree}`,
    blocks: [
      { kind: 'facts', facts: choice === null ? facts : [...facts, ['Choice', choice]] },
      ...figure(split, 'Decoding alone, without the prompt.'),
      table(SPLIT, SPLIT_HEAD, splitCells(variant)),
      ...rowsOf(DEPTHS, DEPTH_HEAD, depthCells(depths)),
      ...(await calibrationFigure(variant)),
      table('Each prompt: medians of its pairs.', PROMPT_HEAD, prompts.map(promptCells)),
    ],
  };
}

const SPLIT = 'Where the time of an answer goes: means of all answers; shares are of decoding.';
const DEPTHS =
  "By depth: rounds whose tree reached it, nodes there, rounds that kept one and what the draft's own probabilities foretold of that, the share that kept one of those that kept its parent, and the tokens that it adds to a pass. Last rounds of answers are left out.";

async function calibrationFigure({ calibration }: VariantReport): Promise<ReportBlock[]> {
  if (calibration.length === 0) return [];
  const measured = calibration.map(({ predicted, kept }) => ({ x: predicted, y: kept }));
  const ends = [0, 1].map((end) => ({ x: end, y: end }));
  const svg = await plotLines({
    title: 'What the draft foretold, and what was kept',
    xTitle: 'Foretold probability that a depth is kept',
    yTitle: 'Share kept',
    yReaches: [0, 1],
    series: [
      { name: 'kept', points: measured },
      { name: 'as foretold', points: ends, dashed: true },
    ],
  });
  return figure(svg, 'Every depth of every round, by tenths of what its draft foretold.');
}

const COST_HEAD = ['rows', 'timed at load', 'in rounds', 'rounds'];

async function costSection({ costs }: BenchReport): Promise<ReportSection | null> {
  const { target } = costs;
  if (target.length === 0) return null;
  const one = target[0]?.atLoad ?? target[0]?.inRounds?.ms;
  const svg = await plotLines({
    title: 'Cost of a target pass by its rows',
    xTitle: 'Rows of a pass',
    yTitle: 'Milliseconds',
    yReaches: [0],
    series: [
      {
        name: 'timed at load',
        points: target.map(({ rows, atLoad }) => ({ x: rows, y: atLoad ?? Number.NaN })),
      },
      {
        name: 'in rounds',
        points: target.map(({ rows, inRounds }) => ({ x: rows, y: inRounds?.ms ?? Number.NaN })),
      },
      ...(one === undefined
        ? []
        : [
            {
              name: 'one row',
              dashed: true,
              points: [0, target.at(-1)?.rows ?? 1].map((x) => ({ x, y: one })),
            },
          ]),
    ],
  });
  const rows = target.map(({ rows, atLoad, inRounds }) => [
    String(rows),
    ms(atLoad ?? undefined),
    ms(inRounds?.ms),
    inRounds === null ? '-' : String(inRounds.rounds),
  ]);
  return {
    title: 'Cost of a target pass',
    blocks: [
      ...figure(svg, 'As far as the lines lie above one row, more rows cost more time.'),
      table('By rows.', COST_HEAD, rows),
    ],
  };
}

async function contextSection(report: ContextReport): Promise<ReportSection> {
  const { costs, line } = report;
  const [first, last] = [costs[0], costs.at(-1)];
  const fitted =
    line === null || first === undefined || last === undefined
      ? []
      : [first, last].map(({ tokens }) => ({ x: tokens, y: line.startMs + line.tokenMs * tokens }));
  const svg = await plotLines({
    title: 'Time of a token behind a text',
    xTitle: 'Tokens before it',
    yTitle: 'Milliseconds',
    yReaches: [0],
    series: [
      { name: 'measured', points: costs.map(({ tokens, ms }) => ({ x: tokens, y: ms })) },
      { name: 'straight line', points: fitted, dashed: true },
    ],
  });
  return {
    title: 'Plain decoding behind texts',
    blocks: [
      ...figure(svg, contextSentence(report)),
      table('Medians of the passes of all turns.', CONTEXT_HEAD, contextCells(report)),
    ],
  };
}

function figure(svg: string | null, caption: string): ReportBlock[] {
  return svg === null ? [] : [{ kind: 'figure', svg, caption }];
}

function table(caption: string, head: readonly string[], rows: string[][]): ReportBlock {
  return { kind: 'table', caption, head, rows };
}

function rowsOf(caption: string, head: readonly string[], rows: string[][]): ReportBlock[] {
  return rows.length === 0 ? [] : [table(caption, head, rows)];
}

function withRows(
  title: string,
  caption: string,
  head: readonly string[],
  rows: string[][],
): ReportSection | null {
  return rows.length === 0 ? null : { title, blocks: [table(caption, head, rows)] };
}
