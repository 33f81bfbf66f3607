import { join } from 'node:path';
import { writeWhole } from '../../checkpoint/write-file.ts';
import { plotIntervals } from '../../evaluate/plot-intervals.ts';
import { type LineSeries, plotLines } from '../../evaluate/plot-lines.ts';
import { type Fact, type ReportBlock, reportPage } from '../../evaluate/report-page.ts';
import { readMetrics } from '../run/metrics.ts';
import { type Ablation, ablationOf } from './ablation.ts';
import {
  type AblationTable,
  armsTable,
  convergenceSentence,
  costsTable,
  overheadSentence,
  sharesTable,
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
  const dots = (await plotIntervals(dotsOf(ablation))) ?? '';
  const curves = await plotLines(await curvesOf(results));
  const files = {
    html: join(dir, 'ablation.html'),
    markdown: join(dir, 'ablation.md'),
    json: join(dir, 'ablation.json'),
    svg: join(dir, 'ablation.svg'),
  };
  await writeWhole(files.svg, dots);
  await writeWhole(files.json, `${JSON.stringify({ command, facts, ...ablation }, null, 1)}\n`);
  await writeWhole(files.markdown, markdown(ablation, command, facts));
  await writeWhole(files.html, page(ablation, command, facts, dots, curves));
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

/** Validation losses of the first seed of each arm. */
async function curvesOf(results: readonly ArmResult[]) {
  const first = results[0]?.run.seed;
  const series: LineSeries[] = [];
  for (const { run } of results.filter(({ run }) => run.seed === first)) {
    const records = await readMetrics(run.dir);
    const points = records.flatMap((record) =>
      record.kind === 'validation' ? [{ x: record.step, y: record.all.loss }] : [],
    );
    series.push({ name: run.arm.name, points });
  }
  return {
    title: 'Validation loss over steps',
    xTitle: 'Step',
    yTitle: 'Loss per reply token',
    yScale: 'log' as const,
    series,
  };
}

function page(
  ablation: Ablation,
  command: string,
  facts: readonly Fact[],
  dots: string,
  curves: string | null,
): string {
  const table = (of: AblationTable): ReportBlock => ({ kind: 'table', ...of });
  const shares = sharesTable(ablation);
  const text = (words: string): ReportBlock => ({ kind: 'text', text: words });
  return reportPage({
    title: TITLE,
    headline: convergenceSentence(ablation),
    facts,
    sections: [
      {
        title: 'Tokens per pass',
        blocks: [
          { kind: 'figure', svg: dots, caption: 'Means, 95 % intervals, and a dot for each seed.' },
          table(armsTable(ablation)),
        ],
      },
      {
        title: 'What each idea adds',
        blocks: [shares === null ? text(convergenceSentence(ablation)) : table(shares)],
      },
      {
        title: 'What it costs',
        blocks: [text(overheadSentence(ablation)), table(costsTable(ablation))],
      },
      {
        title: 'Training',
        blocks: [
          ...(curves === null
            ? []
            : [
                {
                  kind: 'figure' as const,
                  svg: curves,
                  caption:
                    'Validation loss over all held-out dialogues, first seed. An arm that never sees a kind of dialogue does badly on it.',
                },
              ]),
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
    table(armsTable(ablation)),
    ...(shares === null ? [] : ['## What each idea adds', table(shares)]),
    '## What it costs',
    overheadSentence(ablation),
    table(costsTable(ablation)),
  ].join('\n\n')}\n`;
}
