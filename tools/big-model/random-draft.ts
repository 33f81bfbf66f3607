/**
 * `npm run make:draft -- MODEL --out DIR`: writes an MSD draft of random weights in a target's shape, F16. It takes the
 * time of a real one and guesses nothing: what `msd bench --acceptance` is to call for a target without a draft.
 */
import { resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { modelFolder } from '../../src/checkpoint/model-folder.ts';
import { writeModelFolder } from '../../src/checkpoint/write-model-folder.ts';
import { byteSize } from '../../src/cli/print/units.ts';
import type { DraftConfig, TargetConfig } from '../../src/contracts/checkpoint.ts';
import { MsdError } from '../../src/contracts/errors.ts';
import { draftShapes } from '../../src/families/draft-layout.ts';
import { draftFamilyOf } from '../../src/families/families.ts';
import { readTargetConfig } from '../../src/families/read-target.ts';
import { randomTensors } from './big-model.ts';

const program = new Command('make:draft')
  .description("Writes an MSD draft of random weights in a target's shape.")
  .argument('<model>', "the target's folder")
  .requiredOption('--out <dir>', 'the new folder')
  .parse();

try {
  const [model] = program.processedArgs;
  const target = await readTargetConfig(modelFolder(resolve(model)));
  const config = configJson(target);
  const bytes = await writeModelFolder(program.opts().out, {
    tensors: randomTensors(draftShapes(draftOf(target)), 1),
    texts: new Map([['config.json', `${JSON.stringify(config, null, 2)}\n`]]),
  });
  process.stdout.write(`${program.opts().out}: ${byteSize(bytes)}\n`);
} catch (error) {
  if (!MsdError.is(error)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 1;
}

/** A layer of the target's sizes, as published drafts are. */
function draftOf(target: TargetConfig): DraftConfig {
  const { mropeSection } = target.decoder;
  return {
    ...target.decoder,
    family: draftFamilyOf(target),
    fcBias: true,
    inputNorm: mropeSection !== undefined,
    qkvBias: mropeSection !== undefined,
  };
}

function configJson(target: TargetConfig): object {
  const draft = draftOf(target);
  const { mropeSection } = draft;
  return {
    model_type: draft.family,
    hidden_act: 'silu',
    hidden_size: draft.hiddenSize,
    intermediate_size: draft.intermediateSize,
    num_attention_heads: draft.heads,
    num_key_value_heads: draft.kvHeads,
    head_dim: draft.headDim,
    num_hidden_layers: 1,
    max_position_embeddings: draft.contextLength,
    rms_norm_eps: draft.rmsNormEps,
    rope_theta: draft.ropeTheta,
    ...(mropeSection && { rope_scaling: { type: 'mrope', mrope_section: mropeSection } }),
    vocab_size: draft.vocabSize,
    bias: draft.fcBias,
    ...(draft.qkvBias && { qkv_bias: true }),
    tie_word_embeddings: false,
    torch_dtype: 'float16',
  };
}
