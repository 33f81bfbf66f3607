import { join } from 'node:path';
import { plotIntervals } from '../../evaluate/plot-intervals.ts';
import { type LinePlot, plotLines } from '../../evaluate/plot-lines.ts';
import { type Fact, type ReportBlock, reportPage } from '../../evaluate/report-page.ts';
import { writeWhole } from '../../files/write-file.ts';
import { smoothedSeries } from '../report/step-series.ts';
import { type Ablation, ablationOf } from './ablation.ts';
import {
  type AblationTable,
  convergenceSentence,
  costsTable,
  overheadSentence,
  passesTable,
  sharesTable,
  speedUpsTable,
} from './ablation-tables.ts';
import { TASKS } from './estimate.ts';
import type { ArmResult } from './run-ablation.ts';

const TITLE = 'Ablation of decoupling and two-stage training';

export interface AblationFiles {
  readonly html: string;
  readonly markdown: string;
  readonly json: string;
  readonly svg: string;
}

/** Writes `ablation.html`, `.md`, `.json` and `.svg`, each whole. */
export async function writeAblation(
  dir: string,
  results: readonly ArmResult[],
  { command, facts, random }: { command: string; facts: readonly Fact[]; random: () => number },
): Promise<{ ablation: Ablation; files: AblationFiles }> {
  const ablation = ablationOf(results, random);
  const plots = {
    dots: await plotIntervals(dotsOf(ablation)),
    training: await plotLines(trainingCurves(results)),
    validation: await plotLines(validationCurves(results)),
  };
  const files = {
    html: join(dir, 'ablation.html'),
    markdown: join(dir, 'ablation.md'),
    json: join(dir, 'ablation.json'),
    svg: join(dir, 'ablation.svg'),
  };
  const runs = results.map(runNumbers);
  await writeWhole(files.svg, plots.dots ?? '');
  await writeWhole(files.json, `${JSON.stringify({ command, facts, ...ablation, runs })}\n`);
  await writeWhole(files.markdown, markdown(ablation, command, facts));
  await writeWhole(files.html, page(ablation, { command, facts, plots }));
  return { ablation, files };
}

function dotsOf({ arms }: Ablation) {
  return {
    title: 'Tokens per pass by task and arm',
    xTitle: 'Tokens per pass of the target',
    rows: TASKS.flatMap((task) =>
      arms.map(({ name, tasks }) => ({
        group: task,
        series: name,
        mean: tasks[task].tokensPerPass.mean,
        interval: tasks[task].tokensPerPass.interval,
        dots: tasks[task].bySeed,
      })),
    ),
  };
}

/** What was measured of a run. */
function runNumbers({ run, steps, validations, convergence, peakBytes, text, visual }: ArmResult) {
  const total = (of: (step: ArmResult['steps'][number]) => number) =>
    steps.reduce((sum, step) => sum + of(step), 0);
  return {
    arm: run.arm.name,
    seed: run.seed,
    steps: steps.length,
    replyTokens: total(({ replyTokens }) => replyTokens),
    rows: total(({ rows }) => rows),
    seconds: total(({ seconds }) => seconds),
    peakBytes,
    ...convergence,
    validations: validations.map((record) => [
      record.step,
      ...TASKS.map((task) => record[task]?.loss ?? null),
    ]),
    text,
    visual,
  };
}

function firstSeed(results: readonly ArmResult[]): readonly ArmResult[] {
  return results.filter(({ run }) => run.seed === results[0]?.run.seed);
}

const CURVES = { xTitle: 'Step', yTitle: 'Loss per reply token', yScale: 'log' as const };

function trainingCurves(results: readonly ArmResult[]): LinePlot {
  const series = firstSeed(results).flatMap(({ run, steps }) =>
    smoothedSeries(run.arm.name, steps, ({ loss }) => loss).map(({ name, points }) => ({
      name,
      points,
    })),
  );
  return { ...CURVES, title: 'Training loss over steps', series };
}

function validationCurves(results: readonly ArmResult[]): LinePlot {
  const series = firstSeed(results).map(({ run, validations }) => ({
    name: run.arm.name,
    points: validations.map(({ step, all }) => ({ x: step, y: all.loss })),
  }));
  return { ...CURVES, title: 'Validation loss over steps', series };
}

interface PageParts {
  readonly command: string;
  readonly facts: readonly Fact[];
  readonly plots: Readonly<Record<'dots' | 'training' | 'validation', string | null>>;
}

function page(ablation: Ablation, { command, facts, plots }: PageParts): string {
  const table = (of: AblationTable | null): ReportBlock[] =>
    of === null ? [] : [{ kind: 'table', ...of }];
  const figure = (svg: string | null, caption: string): ReportBlock[] =>
    svg === null ? [] : [{ kind: 'figure', svg, caption }];
  const convergence: ReportBlock = { kind: 'text', text: convergenceSentence(ablation) };
  const shares = table(sharesTable(ablation));
  return reportPage({
    title: TITLE,
    headline: convergenceSentence(ablation),
    facts,
    sections: [
      {
        title: 'Tokens per pass',
        blocks: [
          ...figure(plots.dots, 'Means, 95 % intervals, and a dot for each seed.'),
          ...table(passesTable(ablation)),
        ],
      },
      { title: 'What each idea adds', blocks: shares.length > 0 ? shares : [convergence] },
      { title: 'Speed-up', blocks: table(speedUpsTable(ablation)) },
      {
        title: 'What it costs',
        blocks: [
          { kind: 'text', text: overheadSentence(ablation) },
          ...table(costsTable(ablation)),
        ],
      },
      {
        title: 'Training',
        blocks: [
          ...figure(
            plots.training,
            'The loss that training minimises on the batches of the first seed, smoothed.',
          ),
          ...figure(
            plots.validation,
            'The loss on all held-out dialogues, first seed. An arm that has not yet seen a kind of dialogue does badly on it. A block draft minimises another loss.',
          ),
          { kind: 'code', text: command },
        ],
      },
    ],
  });
}

function markdown(ablation: Ablation, command: string, facts: readonly Fact[]): string {
  const table = ({ head, rows, caption }: AblationTable) =>
    [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n') +
    `\n\n${caption}`;
  const shares = sharesTable(ablation);
  return `${[
    `# ${TITLE}`,
    `\`\`\`sh\n${command}\n\`\`\``,
    facts.map(([label, value]) => `- ${label}: ${value}`).join('\n'),
    convergenceSentence(ablation),
    '## Tokens per pass',
    '![Tokens per pass by task and arm](ablation.svg)',
    table(passesTable(ablation)),
    ...(shares === null ? [] : ['## What each idea adds', table(shares)]),
    '## Speed-up',
    table(speedUpsTable(ablation)),
    '## What it costs',
    overheadSentence(ablation),
    table(costsTable(ablation)),
  ].join('\n\n')}\n`;
}
