import { join } from 'node:path';
import type { LoadOptions } from '../../../contracts/load.ts';
import { uniform } from '../../../decode/uniform.ts';
import { cacheFolder } from '../../../engine/node/cache-folder.ts';
import { seededDraws } from '../../../evaluate/bench-world.ts';
import { readMachine } from '../../../evaluate/machine.ts';
import { acceptanceByRarity } from '../../../evaluate/suites/acceptance-by-rarity.ts';
import { evalPage } from '../../../evaluate/suites/eval-page.ts';
import { openSuite } from '../../../evaluate/suites/open-suite.ts';
import { type Asked, type Failed, isAsked, runSuite } from '../../../evaluate/suites/run-suite.ts';
import type { Suite, SuiteName } from '../../../evaluate/suites/suite.ts';
import { type EvalReport, suiteReport } from '../../../evaluate/suites/suite-report.ts';
import { evalText } from '../../../evaluate/suites/suite-text.ts';
import { writeWhole } from '../../../files/write-file.ts';
import { load } from '../../../load.ts';
import { createCancellation } from '../../terminal/cancellation.ts';
import { noticeStream } from '../../terminal/notice-stream.ts';
import { createProgressBar } from '../../terminal/progress-bar.ts';

interface Asking {
  readonly load: LoadOptions;
  readonly names: readonly SuiteName[];
  /** Questions of a suite. Default: all. */
  readonly most?: number;
  readonly maxTokens: number;
  readonly quiet?: boolean;
  /** Print the report as JSON. */
  readonly json?: boolean;
  /** Files that the report is written to. */
  readonly out?: string;
  readonly html?: string;
}

/** Opens suites and a model, asks, and tells what came of it. */
export async function askSuites({
  load: options,
  names,
  most,
  maxTokens,
  quiet,
  json,
  out,
  html,
}: Asking): Promise<void> {
  const place = join(cacheFolder(), 'pictures');
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const suites = new Map<SuiteName, Suite>();
  for (const name of names) suites.set(name, drawn(await openSuite(name, place, say), most));

  const format = 'asking {bar} {value}/{total} questions, {eta_formatted} left';
  const bar = createProgressBar(noticeStream(quiet), format);
  const { signal, beGentle, release } = createCancellation(() => bar.stop());
  await using model = await load(options);
  beGentle();
  bar.start(
    [...suites.values()].reduce((sum, { items }) => sum + items.length, 0),
    0,
  );
  const random = seededDraws(0);
  const reports = [];
  const all: Asked[] = [];
  for (const one of suites.values()) {
    const asked: (Asked | Failed)[] = [];
    for await (const answer of runSuite({ model, suite: one, maxTokens, signal })) {
      asked.push(answer);
      bar.increment();
    }
    all.push(...asked.filter(isAsked));
    if (asked.length > 0 || one.missing.length > 0) {
      reports.push(suiteReport(one, asked, random));
    }
  }
  bar.stop();
  release();

  const { costs: _, ...info } = model.info;
  const report: EvalReport = {
    ended: signal.aborted ? 'interrupted' : 'complete',
    ...{ model: info, machine: readMachine(), maxTokens },
    lossless: reports.every(({ same }) => same === 1),
    rarity: acceptanceByRarity(all, random),
    suites: reports,
  };
  const data = `${JSON.stringify(report, null, 2)}\n`;
  process.stdout.write(json ? data : evalText(report));
  if (out !== undefined) await writeWhole(out, data);
  if (html !== undefined) await writeWhole(html, await evalPage(report, suites));
  const failed = report.suites.some((one) => one.failed.length > 0);
  if ((!report.lossless || failed) && !signal.aborted) process.exitCode = 1;
}

/** In an order that is drawn, the same every time, so that some questions and an interrupted suite stand for all. */
function drawn(whole: Suite, most = whole.items.length): Suite {
  const { items } = whole;
  const places = items.map((item, at) => ({ item, place: uniform(0, at) }));
  const order = places.toSorted((a, b) => a.place - b.place).map(({ item }) => item);
  return { ...whole, items: order.slice(0, most) };
}
