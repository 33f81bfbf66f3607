import { basename, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { importTypeFlag, weightType } from '../flags/weight-type.ts';
import { shownPath } from '../print/shown-path.ts';
import { byteSize } from '../print/units.ts';
import { createByteProgress } from '../terminal/byte-progress.ts';
import { untilInterrupted } from '../terminal/until-interrupted.ts';

/** `msd import`: a GGUF file becomes a folder in Hugging Face's layout. Exit code 130 after Ctrl-C, which leaves nothing. */
export function importCommand() {
  return new Command('import')
    .description('turn a GGUF file into a model folder that msd and Hugging Face read')
    .argument('<FILE>', 'a GGUF file of a Llama or Qwen2 model')
    .option('--out <dir>', 'the new folder (default: named like the file, in the current folder)')
    .addOption(
      importTypeFlag(
        'number format of the weights; f32 holds every value exactly, stored keeps blocks as they are',
      ).default('f32' as const),
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
        const type = dtype === 'stored' ? dtype : weightType(dtype);
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
          `${shownPath(resolve(out))}: ${plan.architecture}, ${plan.tensors.length} tensors (${types}) ${type === 'stored' ? 'as stored' : `as ${type}`}, ${byteSize(bytes)}\n`,
        );
      });
    });
}

const IMPORT_HELP = `
Examples:
  msd import SmolLM2-135M-Instruct.Q4_1.gguf
  msd import model.Q4_K_M.gguf --out models/llama --dtype bf16
  msd import model.Q4_K_M.gguf --dtype stored

Reads tensors stored as F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q4_K, Q5_K or Q6_K; others are refused by name before
anything is written. Tokenizer, chat template and end tokens come from the file. A value of a quantised file is a sum
or product of halves and small integers: float32 holds it exactly, f16 and bf16 round it. With --dtype stored the folder takes no more room than the file (but
for a table of words in other blocks than Q8_0, which becomes F32): it runs with --precision w8a8 or int4, and msd export
widens it for fp32 and for Hugging Face.

The folder is there as a whole or not at all. One that is already there is left as it is: if it is a finished import
of the same file, that is said, else the command fails.
Exit codes: 0 done, 1 failed, 2 called wrongly, 130 stopped by Ctrl-C, which leaves nothing.`;
