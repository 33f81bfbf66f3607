/** The families of targets that run: one row each, by the `model_type` of their config. */
import type { DraftConfig, TargetConfig, TensorRef, TensorTable } from '../contracts/checkpoint.ts';
import { UnknownFamilyError } from '../contracts/errors.ts';
import type { LlamaWeights } from '../model/llama.ts';
import type { ConfigFiles } from './config-files.ts';
import type { DraftConfigFiles, Family, Tensors } from './family.ts';
import { glance } from './glance/glance.ts';
import { idefics3 } from './idefics3/idefics3.ts';
import { llama } from './llama/llama.ts';
import { llava } from './llava/llava.ts';
import { llavaNext } from './llava-next/llava-next.ts';
import { qwen2 } from './qwen2/qwen2.ts';
import { qwen25Vl } from './qwen2.5-vl/qwen25-vl.ts';
import { qwen2Vl } from './qwen2-vl/qwen2-vl.ts';
import { type Shapes, selectTensors } from './tensor-layout.ts';

const ROWS = {
  llava,
  llava_next: llavaNext,
  idefics3,
  smolvlm: idefics3,
  qwen2_vl: qwen2Vl,
  qwen2_5_vl: qwen25Vl,
  llama,
  qwen2,
  glance,
};

/** Each row is asked about configs that it read itself and no others, so that all can be called alike. */
const FAMILIES = new Map(Object.entries(ROWS) as [string, Family<TargetConfig>][]);

/** The family of a target. */
export function familyOf({ family }: Pick<TargetConfig, 'family'>): Family<TargetConfig> {
  return rowOf(family, 'The target');
}

/** The decoder's weights of a target. */
export function decoderOf({
  config,
  tensors,
}: Readonly<{ config: TargetConfig; tensors: Tensors }>): LlamaWeights {
  return familyOf(config).decoder(config, tensors);
}

/**
 * The target that the files describe.
 * @throws UnknownFamilyError, or CheckpointError that names the field
 */
export function targetConfig(files: ConfigFiles): TargetConfig {
  return rowOf(files.family, files.config.path).config(files);
}

/**
 * The tensors that a target uses, by their published names; tensors that are stored but not used are left out.
 * @throws TensorsError with every missing, unexpected or misshapen tensor
 */
export function selectTargetTensors(
  table: TensorTable,
  config: TargetConfig,
  path: string,
): Map<string, TensorRef> {
  return selectTensors(path, table, familyOf(config).layout(config));
}

/** The tensors that a published folder of the target holds, those that it does not use included. */
export function storedShapes(config: TargetConfig): Shapes {
  const { required, unused, tiedHead } = familyOf(config).layout(config);
  return [...required, ...unused.filter(([name]) => name !== tiedHead)];
}

/**
 * The draft that the files describe.
 * @throws UnknownFamilyError, or CheckpointError that names the field
 */
export function draftConfig(files: DraftConfigFiles): DraftConfig {
  const read = FAMILIES.get(files.family)?.draft;
  if (read !== undefined) return read(files);
  const known = [...FAMILIES].flatMap(([family, { draft }]) => (draft ? [family] : []));
  throw new UnknownFamilyError(files.config.path, files.family, known);
}

/** The `model_type` of the drafts that are made for a target. */
export const draftFamilyOf = (target: Pick<TargetConfig, 'family'>): DraftConfig['family'] =>
  familyOf(target).drafts[0];

function rowOf(name: string, whose: string): Family<TargetConfig> {
  const row = FAMILIES.get(name);
  if (row !== undefined) return row;
  throw new UnknownFamilyError(whose, name, [...FAMILIES.keys()]);
}
