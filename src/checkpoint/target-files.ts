/**
 * What the files of each family say: how its `config.json` is read, and which tensors there are. Its networks and its
 * way with pictures are the row of the same name in engine/load/families.ts.
 */
import type { TargetConfig, TensorRef, TensorTable } from '../contracts/checkpoint.ts';
import { UnknownFamilyError } from '../contracts/errors.ts';
import { type ConfigFolder, readConfigFolder } from './config-file.ts';
import { idefics3Config } from './idefics3-config.ts';
import { idefics3Layout } from './idefics3-tensors.ts';
import { llavaConfig } from './llava-config.ts';
import { llavaNextConfig } from './llava-next-config.ts';
import { llavaLayout, llavaNextLayout } from './llava-tensors.ts';
import { qwen2VlConfig, qwen25VlConfig } from './qwen-vl-config.ts';
import { qwen2VlLayout, qwen25VlLayout } from './qwen-vl-tensors.ts';
import { type Shapes, selectTensors, type TensorLayout } from './tensor-layout.ts';
import { llamaText, qwen2Text, textLayout } from './text-config.ts';

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
  return selectTensors(path, table, layoutOf(config));
}

/** The tensors that a published folder of the target holds, those that it does not use included. */
export function storedShapes(config: TargetConfig): Shapes {
  const { required, unused, tied } = layoutOf(config);
  return [...required, ...unused.filter(([name]) => name !== tied?.head)];
}

const layoutOf = (config: TargetConfig): TensorLayout =>
  (LAYOUTS[config.family] as (config: TargetConfig) => TensorLayout)(config);
