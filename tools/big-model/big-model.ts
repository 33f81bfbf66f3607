import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelFolder } from '../../src/checkpoint/model-folder.ts';
import type { ModelFolder } from '../../src/checkpoint/write-model-folder.ts';
import { storedShapes } from '../../src/families/families.ts';
import type { LlavaConfig } from '../../src/families/llava/llava-config.ts';
import { readTargetConfig } from '../../src/families/read-target.ts';
import type { StreamedTensor } from '../../src/safetensors/write-safetensors.ts';
import { normalTable, randomHalves } from './random-halves.ts';

/** Hugging Face's `initializer_range`. */
const DEVIATION = 0.02;
/** Files of the embedded model that its tokens need. */
const BORROWED = [
  ...['tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json'],
  ...['chat_template.json', 'generation_config.json'],
];

/**
 * A folder in the shape of LLaVA-1.5-7B: its published config, random weights in F16, and the embedded model's words,
 * which are the first of its 32,064. With fewer layers it is smaller.
 * @param repository where `fixtures` and `models` are
 */
export async function bigModel(
  repository: string,
  { layers, seed }: { readonly layers?: number; readonly seed: number },
): Promise<ModelFolder> {
  const published = join(repository, 'fixtures/published/llava-1.5-7b-hf');
  const words = join(repository, 'models/tiny/target');
  const json = (dir: string, file: string) => JSON.parse(readFileSync(join(dir, file), 'utf8'));
  const full = (await readTargetConfig(modelFolder(published))) as LlavaConfig;
  const decoder = { ...full.decoder, layers: layers ?? full.decoder.layers };
  const { image_token_index, pad_token_id } = json(words, 'config.json');
  const config = json(published, 'config.json');
  const { imageSize, patchSize } = full.vision;
  const texts = {
    'config.json': {
      ...config,
      ...{ image_token_index, pad_token_id },
      text_config: { ...config.text_config, num_hidden_layers: decoder.layers },
    },
    'preprocessor_config.json': {
      ...json(words, 'preprocessor_config.json'),
      crop_size: { height: imageSize, width: imageSize },
      size: { shortest_edge: imageSize },
    },
    'processor_config.json': { ...json(words, 'processor_config.json'), patch_size: patchSize },
  };
  return {
    tensors: randomTensors(storedShapes({ ...full, decoder }), seed),
    texts: new Map(
      Object.entries(texts).map(([name, value]) => [name, `${JSON.stringify(value, null, 2)}\n`]),
    ),
    copies: new Map(BORROWED.map((file) => [file, join(words, file)])),
  };
}

/** Tensors of these shapes, normal but for gains of 1 and biases of 0. */
export function randomTensors(
  shapes: Iterable<readonly [string, readonly number[]]>,
  seed: number,
): StreamedTensor[] {
  const random = normalTable(DEVIATION);
  const ones = new Uint16Array(random.length).fill(0x3c00);
  const zeros = new Uint16Array(random.length);
  return [...shapes].map(([name, shape], index) => {
    const count = shape.reduce((product, n) => product * n, 1);
    const gain = shape.length === 1 && name.endsWith('.weight');
    const table = gain ? ones : name.endsWith('.bias') ? zeros : random;
    const pieces = async function* () {
      yield* randomHalves(count, table, Math.imul(seed + 1, 0x85ebca6b) + index);
    };
    return { name, shape, dtype: 'F16', pieces };
  });
}
