/**
 * `npm run make:draft -- DIR --out DIR`: writes an MSD draft of random weights in a target's shape, F16. It takes the
 * time of a real one and guesses nothing: what `msd bench --acceptance` is to call for a target without a draft.
 */
import { resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { modelFolder } from '../../src/checkpoint/model-folder.ts';
import { writeModelFolder } from '../../src/checkpoint/write-model-folder.ts';
import { byteSize } from '../../src/cli/print/units.ts';
import { MsdError } from '../../src/contracts/errors.ts';
import { draftShapes } from '../../src/families/draft-layout.ts';
import { readTargetConfig } from '../../src/families/read-target.ts';
import { newDraft } from '../../src/train/draft/msd/begin-msd.ts';
import { msdConfigJson } from '../../src/train/draft/msd/msd-config-json.ts';
import { randomTensors } from './big-model.ts';

const program = new Command('make:draft')
  .description("Writes an MSD draft of random weights in a target's shape.")
  .argument('<model>', "the target's folder")
  .requiredOption('--out <dir>', 'the new folder')
  .parse();

try {
  const [model] = program.processedArgs;
  const target = await readTargetConfig(modelFolder(resolve(model)));
  const draft = newDraft(target);
  const config = { ...msdConfigJson(draft, target), torch_dtype: 'float16' };
  const bytes = await writeModelFolder(program.opts().out, {
    tensors: randomTensors(draftShapes(draft), 1),
    texts: new Map([['config.json', `${JSON.stringify(config, null, 2)}\n`]]),
  });
  process.stdout.write(`${program.opts().out}: ${byteSize(bytes)}\n`);
} catch (error) {
  if (!MsdError.is(error)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 1;
}
