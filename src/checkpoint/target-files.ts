/**
 * What the files of each family say: how its `config.json` is read, and which tensors there are. Its networks and its
 * way with pictures are the row of the same name in engine/load/families.ts.
 */
import type { TargetConfig, TensorRef, TensorTable } from '../contracts/checkpoint.ts';
import { UnknownFamilyError } from '../contracts/errors.ts';
import { llamaText, qwen2Text, textLayout } from '../families/decoder/text-config.ts';
import { idefics3Config } from '../families/idefics3/idefics3-config.ts';
import { idefics3Layout } from '../families/idefics3/idefics3-layout.ts';
import { llavaNextConfig } from '../families/llava-next/llava-next-config.ts';
import { llavaLayout, llavaNextLayout } from '../families/llava-parts/llava-layout.ts';
import { llavaConfig } from '../families/llava-parts/llava-parts.ts';
import { qwen2VlConfig, qwen25VlConfig } from '../families/qwen-vl/qwen-vl-config.ts';
import { qwen2VlLayout, qwen25VlLayout } from '../families/qwen-vl/qwen-vl-layout.ts';
import { selectTensors, type TensorLayout } from '../families/tensor-layout.ts';
import { type ConfigFolder, readConfigFolder } from './config-file.ts';

/** The readers of `config.json`, by its `model_type`. */
const CONFIGS: Readonly<Record<string, (folder: ConfigFolder) => TargetConfig>> = {
  llava: llavaConfig,
  llava_next: llavaNextConfig,
  idefics3: idefics3Config,
  smolvlm: idefics3Config,
  qwen2_vl: qwen2VlConfig,
  qwen2_5_vl: qwen25VlConfig,
  llama: llamaText,
  qwen2: qwen2Text,
};

/** The tensors of a family. */
const LAYOUTS: {
  readonly [F in TargetConfig['family']]: (
    config: Extract<TargetConfig, { family: F }>,
  ) => TensorLayout;
} = {
  llava: llavaLayout,
  llava_next: llavaNextLayout,
  idefics3: idefics3Layout,
  smolvlm: idefics3Layout,
  qwen2_vl: qwen2VlLayout,
  qwen2_5_vl: qwen25VlLayout,
  llama: textLayout,
  qwen2: textLayout,
};

/** The target that a Hugging Face folder describes; throws as `targetConfig`. */
export async function readTargetConfig(dir: string): Promise<TargetConfig> {
  return targetConfig(await readConfigFolder(dir));
}

/**
 * The target that a folder's descriptions are of.
 * @throws UnknownFamilyError, or CheckpointError that names the field
 */
export function targetConfig(folder: ConfigFolder): TargetConfig {
  const read = Object.hasOwn(CONFIGS, folder.family) ? CONFIGS[folder.family] : undefined;
  if (read === undefined) {
    throw new UnknownFamilyError(folder.path, folder.family, Object.keys(CONFIGS));
  }
  return read(folder);
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
  const layoutOf = LAYOUTS[config.family] as (config: TargetConfig) => TensorLayout;
  return selectTensors(path, table, layoutOf(config));
}
