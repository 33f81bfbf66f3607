import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFloats } from '../../formats/read-tensor.ts';
import { writePytorch } from '../../pytorch/testing/write-pytorch.ts';
import type { StoredTensor } from '../../safetensors/testing/write-safetensors.ts';
import { readTensorTable } from '../tensor-table.ts';
import { TINY_TARGET, tempFolder } from './folders.ts';

const TOWER = 'vision_tower.';

/** What a published name begins with, and what the original code calls it. */
const RENAMES = [
  ['multi_modal_projector.linear_1.', 'model.mm_projector.0.'],
  ['multi_modal_projector.linear_2.', 'model.mm_projector.2.'],
  ['language_model.', ''],
  [TOWER, ''],
] as const;

/**
 * The tiny target as LLaVA's own code would have published it: the language model and the projector in two shards of
 * PyTorch's, without a chat template; the tower in `tiny-clip` beside it.
 * @returns the two folders
 */
export async function originalLlavaFolder(): Promise<{ model: string; tower: string }> {
  const root = tempFolder();
  const [model, tower] = [join(root, 'model'), join(root, 'tiny-clip')];
  for (const dir of [model, tower]) mkdirSync(dir);
  await writeWeights(model, tower);
  writeConfigs(model, tower);
  for (const name of ['tokenizer.json', 'tokenizer_config.json', 'generation_config.json']) {
    copyFileSync(join(TINY_TARGET, name), join(model, name));
  }
  const preprocessor = 'preprocessor_config.json';
  copyFileSync(join(TINY_TARGET, preprocessor), join(tower, preprocessor));
  return { model, tower };
}

type Tensors = Record<string, StoredTensor>;

async function writeWeights(model: string, tower: string): Promise<void> {
  const clip: Tensors = {
    'vision_model.embeddings.position_ids': buffer(new BigInt64Array(65), 'I64'),
    'text_model.final_layer_norm.weight': buffer(new Float32Array(8), 'F32'),
    logit_scale: { dtype: 'F32', shape: [], data: new Float32Array(1) },
  };
  const inverse = 'model.layers.0.self_attn.rotary_emb.inv_freq';
  const shards: [Tensors, Tensors] = [{ [inverse]: buffer(new Float32Array(16), 'F32') }, {}];
  for (const [name, ref] of await readTensorTable(TINY_TARGET)) {
    const [published, original] = RENAMES.find(([start]) => name.startsWith(start)) ?? ['', ''];
    const shard = name.includes('.layers.') ? shards[0] : shards[1];
    const into = name.startsWith(TOWER) ? clip : shard;
    const { shape } = ref;
    const data = await readFloats(ref);
    into[original + name.slice(published.length)] = { dtype: 'F32', shape, data };
  }
  writePytorch(join(tower, 'pytorch_model.bin'), clip);
  const placed = shards.flatMap((tensors, index) => {
    const file = `pytorch_model-0000${index + 1}-of-00002.bin`;
    writePytorch(join(model, file), tensors);
    return Object.keys(tensors).map((name) => [name, file]);
  });
  writeJson(join(model, 'pytorch_model.bin.index.json'), {
    weight_map: Object.fromEntries(placed),
  });
}

function buffer(data: BigInt64Array | Float32Array, dtype: string): StoredTensor {
  return { dtype, shape: [data.length], data };
}

function writeConfigs(model: string, tower: string): void {
  const { text_config, vision_config } = JSON.parse(
    readFileSync(join(TINY_TARGET, 'config.json'), 'utf8'),
  );
  writeJson(join(tower, 'config.json'), { model_type: 'clip', vision_config, text_config: {} });
  writeJson(join(model, 'config.json'), {
    ...text_config,
    architectures: ['LlavaLlamaForCausalLM'],
    model_type: 'llava',
    image_aspect_ratio: 'pad',
    mm_hidden_size: vision_config.hidden_size,
    mm_projector_type: 'mlp2x_gelu',
    mm_use_im_patch_token: false,
    mm_use_im_start_end: false,
    mm_vision_select_feature: 'patch',
    mm_vision_select_layer: -2,
    mm_vision_tower: 'somebody/tiny-clip',
  });
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, JSON.stringify(value));
}
