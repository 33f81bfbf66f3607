import { Command } from '@commander-js/extra-typings';
import { createCancellation } from './cancellation.ts';
import { inspectModel } from './inspection.ts';
import { inspectionJson } from './inspection-json.ts';
import { inspectionText } from './inspection-text.ts';
import { loadShown } from './load-shown.ts';
import { modelFlags } from './model-flags.ts';
import { previewRun } from './preview-run.ts';
import { createProgress } from './progress.ts';

/** `msd inspect`: what a model and its draft are, what memory they take, and what trees cost on this machine. */
export function inspectCommand() {
  return modelFlags(new Command('inspect'))
    .description('show a model: its parts, memory, files, and what each tree costs here')
    .optionsGroup('What is printed:')
    .option('--json', 'print one JSON object (sizes in bytes, times in ms)')
    .action(async ({ json, drafter, ...flags }) => {
      const progress = createProgress(process.stderr);
      const { release } = createCancellation(progress.clear);
      const { info, generate, dispose } = await loadShown(flags, progress);
      try {
        const run = await previewRun(generate, { drafter });
        const inspection = await inspectModel(info, run, process.memoryUsage.rss());
        process.stdout.write(
          json ? `${JSON.stringify(inspectionJson(inspection))}\n` : inspectionText(inspection),
        );
      } finally {
        await dispose();
        release();
      }
    });
}
