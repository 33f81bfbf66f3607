/**
 * What a folder of LoRA adapters says of itself, as the peft package writes it (`adapter_config.json`). What would change
 * the merged numbers and is not known here is refused by its name.
 */
import { join } from 'node:path';
import * as z from 'zod';
import { CheckpointError } from '../../contracts/errors.ts';
import { readJsonFile } from '../../files/json-file.ts';

export const ADAPTER_CONFIG = 'adapter_config.json';

export interface AdapterConfig {
  /** Folder or name of the model that was adapted; null where it was not written down. */
  readonly base: string | null;
  /** What B · A is multiplied by: alpha / rank, or alpha / √rank with `use_rslora`. */
  readonly scale: (module: string, rank: number) => number;
}

const schema = z.looseObject({
  peft_type: z.string(),
  base_model_name_or_path: z.string().nullish(),
  lora_alpha: z.number().optional(),
  alpha_pattern: z.record(z.string(), z.number()).nullish(),
  use_rslora: z.boolean().nullish(),
});

/** Fields by which B · A alone is not what was learned, and the values that leave it so. */
const PLAIN: Readonly<Record<string, (value: unknown) => boolean>> = {
  use_dora: isOff,
  use_qalora: isOff,
  lora_bias: isOff,
  layer_replication: isOff,
  fan_in_fan_out: isOff, // it is on for Conv1D alone, which no family here has
  trainable_token_indices: isOff,
  target_parameters: isOff,
  alora_invocation_tokens: isOff,
  // These begin by changing the base's own weights.
  init_lora_weights: (value) => !/^(pissa|olora|corda|loftq|lora_ga)/i.test(String(value)),
};

function isOff(value: unknown): boolean {
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return value === undefined || value === null || value === false || isEmpty;
}

/** @throws CheckpointError where it is no config of LoRA adapters, or of a kind that is not merged here */
export async function readAdapterConfig(dir: string): Promise<AdapterConfig> {
  const path = join(dir, ADAPTER_CONFIG);
  const read = schema.safeParse(await readJsonFile(path));
  if (!read.success) {
    const [issue] = read.error.issues;
    const field = issue?.path.join('.') ?? '';
    throw new CheckpointError(path, `field "${field}" is not what adapters have; save them again.`);
  }
  const { peft_type, base_model_name_or_path, lora_alpha, alpha_pattern, use_rslora } = read.data;
  if (peft_type !== 'LORA') throw unmerged(path, `adapters of the kind ${peft_type}`);
  if (lora_alpha === undefined) throw unmerged(path, 'adapters without lora_alpha');
  for (const [field, isPlain] of Object.entries(PLAIN)) {
    const value = read.data[field];
    if (value !== undefined && !isPlain(value))
      throw unmerged(path, `adapters with ${field} ${JSON.stringify(value)}`);
  }
  return {
    base: base_model_name_or_path || null,
    scale(module, rank) {
      const alpha = ofModule(alpha_pattern ?? {}, module) ?? lora_alpha;
      return alpha / (use_rslora ? Math.sqrt(rank) : rank);
    },
  };
}

/** What is not merged here, and what goes on. */
export const unmerged = (path: string, what: string): CheckpointError =>
  new CheckpointError(
    path,
    `${what} are not merged here; merge them with peft (model.merge_and_unload().save_pretrained(folder)) and give that folder.`,
  );

/** As peft looks it up: the first key that is the module's name, or its end, read as a regular expression. */
function ofModule(pattern: Readonly<Record<string, number>>, module: string): number | undefined {
  const found = Object.entries(pattern).find(([key]) =>
    new RegExp(`^(?:.*\\.)?(?:${key})$`).test(module),
  );
  return found?.[1];
}
