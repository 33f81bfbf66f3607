import { resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { weightType, weightTypeFlag } from '../flags/weight-type.ts';
import { shownPath } from '../print/shown-path.ts';
import { byteSize } from '../print/units.ts';
import { createByteProgress } from '../terminal/byte-progress.ts';
import { untilInterrupted } from '../terminal/until-interrupted.ts';

/** `msd export`: a model folder in the published layout, its weights in another number format if asked. */
export function exportCommand() {
  return new Command('export')
    .description('write a model folder in the published layout, in another number format if asked')
    .argument(
      '<MODEL>',
      'folder of a target, a draft or LoRA adapters, or its name on the hub if it was pulled',
    )
    .requiredOption('--out <dir>', 'the new folder')
    .option('--base <model>', 'of LoRA adapters: the model they belong to (default: as they say)')
    .addOption(weightTypeFlag('number format of the weights (default: as stored)'))
    .addHelpText('after', HELP)
    .action(async (model, { out, dtype, base }) => {
      const { planExport } = await import('../../checkpoint/export-plan.ts');
      const { resolveModel } = await import('../../hub/resolve-model.ts');
      const { writeModelFolder } = await import('../../checkpoint/write-model-folder.ts');
      const progress = createByteProgress(process.stderr);
      await untilInterrupted(progress.clear, async (signal) => {
        const folder = await planExport(resolveModel(model), {
          ...(dtype !== undefined && { dtype: weightType(dtype) }),
          ...(base !== undefined && { base }),
        });
        const bytes = await writeModelFolder(out, folder, {
          signal,
          onProgress: (done, total) => progress.update('writing', done, total),
        });
        progress.clear();
        const types = [...new Set(folder.tensors.map((tensor) => tensor.dtype))].join(', ');
        process.stdout.write(
          `${shownPath(resolve(out))}: ${folder.tensors.length} tensors as ${types}, ${byteSize(bytes)}\n`,
        );
      });
    });
}

const HELP = `
Examples:
  msd export models/llama --out llama-bf16 --dtype bf16
  msd export ./sharded --out ./whole
  msd export ./my-adapters --out ./merged

Writes model.safetensors, or shards of at most 4 GiB with their index, and copies the files beside the weights
(config, tokenizer, processor, licence; not subfolders). With --dtype, numbers are rounded to the nearest; those that
the format can't hold are refused. A folder of LoRA adapters (adapter_config.json) is merged into the model that it
names, or --base. The folder is there as a whole or not at all.
Exit codes: 0 done, 1 failed, 2 called wrongly, 130 stopped by Ctrl-C, which leaves nothing.`;
