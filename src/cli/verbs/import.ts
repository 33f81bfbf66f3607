import { basename, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { weightType, weightTypeFlag } from '../flags/weight-type.ts';
import { byteSize } from '../print/byte-size.ts';
import { IMPORT_HELP } from '../print/import-text.ts';
import { shownPath } from '../print/shown-path.ts';
import { createByteProgress } from '../terminal/byte-progress.ts';
import { untilInterrupted } from '../terminal/until-interrupted.ts';

/** `msd import`: a GGUF file becomes a folder in Hugging Face's layout. Exit code 130 after Ctrl-C, which leaves nothing. */
export function importCommand() {
  return new Command('import')
    .description('turn a GGUF file into a model folder that msd and Hugging Face read')
    .argument('<FILE>', 'a GGUF file of a Llama or Qwen2 model')
    .option('--out <dir>', 'the new folder (default: named like the file, in the current folder)')
    .addOption(
      weightTypeFlag('number format of the weights; f32 alone holds every value exactly').default(
        'f32' as const,
      ),
    )
    .addHelpText('after', IMPORT_HELP)
    .action(async (file, { out = basename(file).replace(/\.gguf$/i, '') || file, dtype }) => {
      const { planImport } = await import('../../gguf/plan-import.ts');
      const { importRecord, isFinishedImport, RECORD_NAME } = await import(
        '../../gguf/import-record.ts'
      );
      const { writeModelFolder } = await import('../../checkpoint/write-model-folder.ts');
      const progress = createByteProgress(process.stderr);
      await untilInterrupted(progress.clear, async (signal) => {
        const type = weightType(dtype);
        const plan = await planImport(file, type);
        const record = await importRecord(file, type, {
          signal,
          onProgress: (done, total) => progress.update('reading', done, total),
        });
        if (await isFinishedImport(out, record)) {
          progress.clear();
          process.stdout.write(`${shownPath(resolve(out))} already holds this import.\n`);
          return;
        }
        const texts = new Map([...plan.texts, [RECORD_NAME, `${JSON.stringify(record)}\n`]]);
        const bytes = await writeModelFolder(
          out,
          { tensors: plan.tensors, texts },
          { signal, onProgress: (done, total) => progress.update('writing', done, total) },
        );
        progress.clear();
        const types = [...plan.types].map(([name, count]) => `${count} ${name}`).join(', ');
        process.stdout.write(
          `${shownPath(resolve(out))}: ${plan.architecture}, ${plan.tensors.length} tensors (${types}) as ${type}, ${byteSize(bytes)}\n`,
        );
      });
    });
}
