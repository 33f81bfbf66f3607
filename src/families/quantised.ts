import { CheckpointError } from '../contracts/errors.ts';
import { CONVERTED_PRECISIONS } from '../contracts/load.ts';
import type { JsonFile } from '../contracts/model-folder.ts';
import { printable } from '../contracts/printable.ts';

/** By `quant_method` of a `quantization_config`. */
const METHODS: Readonly<Record<string, string>> = {
  awq: 'AWQ',
  gptq: 'GPTQ',
  fp8: 'FP8',
  'compressed-tensors': 'compressed-tensors (llm-compressor)',
  hqq: 'HQQ',
  aqlm: 'AQLM',
  mxfp4: 'MXFP4',
  exl2: 'EXL2',
  exl3: 'EXL3',
};

/**
 * Refuses weights that another program quantised: they are no numbers that a session could bind.
 * @throws CheckpointError that names the method and what runs instead
 */
export function refuseQuantised({ path, value }: JsonFile): void {
  const { quantization_config: ours, quantization: mlx } = Object(value);
  if (isRecord(mlx) && mlx.group_size !== undefined) throw refusal(path, 'MLX', 'quantization');
  if (!isRecord(ours) || typeof ours.quant_method !== 'string') return;
  const { quant_method: method } = ours;
  throw refusal(path, METHODS[method] ?? printable(method), 'quantization_config');
}

function refusal(path: string, method: string, field: string): CheckpointError {
  const problem = `${field} says that the weights are quantised with ${method}, which this version does not read; use the model as it was before that.`;
  const remedy = {
    kind: 'use-option',
    option: 'precision',
    values: CONVERTED_PRECISIONS,
    to: 'run it in 8 or 4 bits',
  } as const;
  return new CheckpointError(path, problem, { remedy });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
