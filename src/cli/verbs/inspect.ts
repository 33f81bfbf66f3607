import { Command } from '@commander-js/extra-typings';
import { inspectModel } from '../../evaluate/inspect/inspection.ts';
import { previewRun } from '../../evaluate/inspect/preview-run.ts';
import { modelFlags } from '../flags/model-flags.ts';
import { inspectionJson } from '../print/inspection-json.ts';
import { inspectionText } from '../print/inspection-text.ts';
import { createCancellation } from '../terminal/cancellation.ts';
import { loadShown } from '../terminal/load-shown.ts';
import { createProgress } from '../terminal/progress.ts';

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
