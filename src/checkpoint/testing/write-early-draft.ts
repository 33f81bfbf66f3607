import * as z from 'zod';
import type { TensorRef } from '../../contracts/checkpoint.ts';
import { readConfigFiles } from '../../families/config-files.ts';
import { familyOf } from '../../families/families.ts';
import { readFloats } from '../../formats/read-tensor.ts';
import { modelFolder } from '../model-folder.ts';
import { writeDraft } from './write-draft.ts';

const WORDS = 'embed_tokens.weight';
/** Of the feature, beside a whole word: enough that it matters where the feature goes in. */
const SHARE = 0.1;

const sections = z.looseObject({ text_config: z.looseObject({}).optional() });

/**
 * Writes a draft for the target of a folder: the target's own words and first layer, as far as a draft's layer has the
 * parts. Nobody trained it, and yet it guesses far better than chance.
 */
export async function writeEarlyDraft(target: string, dir: string, fields = {}): Promise<void> {
  const folder = modelFolder(target);
  const files = await readConfigFiles(folder);
  const config = sections.parse(files.config.value);
  const table = await folder.tensors();
  const words = [...table.keys()].find((name) => name.endsWith(WORDS)) as string;
  const stored = (name: string) => table.get(words.slice(0, -WORDS.length) + name);
  const described = {
    ...(config.text_config ?? config),
    model_type: familyOf(files).drafts[0],
    num_hidden_layers: 1,
    ...{ bias: false, attention_bias: false, mlp_bias: false },
    qkv_bias: stored('layers.0.self_attn.q_proj.bias') !== undefined,
    ...fields,
  };
  await writeDraft(dir, described, (name, [rows = 0]) =>
    name === 'fc.weight' ? passOn(rows) : readFloats(stored(name) as TensorRef),
  );
}

/** [H, 2H]: the word, and a share of the feature. */
function passOn(width: number): Float32Array {
  const matrix = new Float32Array(2 * width * width);
  for (let row = 0; row < width; row += 1) {
    matrix[row * 2 * width + row] = 1;
    matrix[row * 2 * width + width + row] = SHARE;
  }
  return matrix;
}
