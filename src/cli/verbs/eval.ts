import { join } from 'node:path';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { uniform } from '../../decode/uniform.ts';
import { cacheFolder } from '../../engine/node/cache-folder.ts';
import { seededDraws } from '../../evaluate/bench-world.ts';
import { readMachine } from '../../evaluate/machine.ts';
import { acceptanceByRarity } from '../../evaluate/suites/acceptance-by-rarity.ts';
import { evalPage } from '../../evaluate/suites/eval-page.ts';
import { openSuite } from '../../evaluate/suites/open-suite.ts';
import { type Asked, type Failed, isAsked, runSuite } from '../../evaluate/suites/run-suite.ts';
import { SUITE_NAMES, type Suite, type SuiteName } from '../../evaluate/suites/suite.ts';
import { type EvalReport, suiteReport } from '../../evaluate/suites/suite-report.ts';
import { evalText } from '../../evaluate/suites/suite-text.ts';
import { writeWhole } from '../../files/write-file.ts';
import { load } from '../../load.ts';
import { given } from '../flags/given.ts';
import { loadFlags } from '../flags/model-flags.ts';
import { wholeNumber } from '../flags/parse-flags.ts';
import { createCancellation } from '../terminal/cancellation.ts';
import { noticeStream } from '../terminal/notice-stream.ts';
import { createProgressBar } from '../terminal/progress-bar.ts';

/**
 * `msd eval`: what a model that sees answers right, plain and speculative. Exit code 1 if any answer fails or differs from plain's, 130
 * after Ctrl-C; what was asked until then is reported.
 */
export function evalCommand() {
  return loadFlags(new Command('eval'))
    .description('ask a model what nothing was learnt from, plain and speculative')
    .optionsGroup('What is asked:')
    .option('--suite <name>', `${SUITE_NAMES.join(', ')}; repeat for several (default: all)`, suite)
    .option('--most <n>', 'questions of a suite, drawn from all (default: all)', wholeNumber)
    .option('--max-tokens <n>', 'most tokens of an answer', wholeNumber, 32)
    .optionsGroup('What is printed:')
    .option('--out <file>', 'write the report as JSON to this file too')
    .option('--html <file>', 'write it as a page with pictures')
    .option('--json', 'print the report as one JSON object')
    .option('-q, --quiet', 'no progress; the report and errors are still told')
    .addHelpText('after', HELP)
    .action(async ({ suite: names = SUITE_NAMES, most, maxTokens, out, html, json, ...flags }) => {
      const { model: folder, draft, draftPositions, force, precision, device, threads } = flags;
      const options = given({
        ...{ model: folder, draft, draftPositions, force, precision, device, threads },
      });
      const place = join(cacheFolder(), 'pictures');
      const say = (line: string) => void process.stderr.write(`${line}\n`);
      const suites = new Map<SuiteName, Suite>();
      for (const name of names) suites.set(name, drawn(await openSuite(name, place, say), most));

      const format = 'asking {bar} {value}/{total} questions, {eta_formatted} left';
      const bar = createProgressBar(noticeStream(flags.quiet), format);
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
    });
}

function suite(value: string, before: readonly SuiteName[] | undefined): readonly SuiteName[] {
  const name = SUITE_NAMES.find((one) => one === value);
  if (name === undefined)
    throw new InvalidArgumentError(`It must be one of ${SUITE_NAMES.join(', ')}.`);
  return [...(before ?? []), name];
}

/** In an order that is drawn, the same every time, so that some questions and an interrupted suite stand for all. */
function drawn(whole: Suite, most = whole.items.length): Suite {
  const { items } = whole;
  const places = items.map((item, at) => ({ item, place: uniform(0, at) }));
  const order = places.toSorted((a, b) => a.place - b.place).map(({ item }) => item);
  return { ...whole, items: order.slice(0, most) };
}

const HELP = `
Examples:
  msd eval --model embedded --html eval.html
  msd eval --model embedded --suite photographs --suite flags --precision w8a8
  msd eval --model embedded --suite emoji --most 200 --out eval.json
  msd eval --model embedded --suite documents --suite charts --html eval.html

Pages, documents and charts are drawn, the same every time. What they are drawn of, and all other pictures, come from packages that
are fetched the first time, into \`pictures\` of the cache: fonts, tables, emoji and flags with npm, photographs of scikit-image and
scikit-learn with pip, and those of tuxpaint-stamps-default with apt-get (160 MB). Photographs of packages that can't be fetched are
left out and named in the report. Text in pictures is read for the model where \`msd run\` has it read. What is right stands in the
program, by the question or, for emoji, by the labels and tags of CLDR.`;
