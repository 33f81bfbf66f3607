/** What an import will write, worked out and checked before anything is written. */
import { isBlockDtype, type StoredDtype, type WeightDtype } from '../contracts/checkpoint.ts';
import { CheckpointError } from '../contracts/errors.ts';
import { printable } from '../contracts/printable.ts';
import { TABLE_BLOCKS } from '../formats/forms/stored/block-rows.ts';
import type { StreamedTensor } from '../safetensors/write-safetensors.ts';
import { ggufPieces } from './gguf-pieces.ts';
import { decoderSizes, matchDecoder, modelConfig } from './model-config.ts';
import { type Architecture, type ModelMetadata, readModelMetadata } from './model-metadata.ts';
import type { GgufTensor } from './place-tensors.ts';
import { type Gguf, readGguf } from './read-gguf.ts';
import { llama3Scaling, type RopeScaling, statedScaling } from './rope-scaling.ts';
import { publishedName } from './tensor-names.ts';
import { generationConfig, tokenizerConfig } from './tokenizer-config.ts';
import { tokenizerJson } from './tokenizer-json.ts';
import { readTokenizerMetadata } from './tokenizer-metadata.ts';

/** 'stored': as the file has them, blocks too. */
export type ImportType = WeightDtype | 'stored';

export interface ImportPlan {
  readonly architecture: Architecture;
  /** Types of the tensors that become weights, with how many there are of each. */
  readonly types: ReadonlyMap<string, number>;
  readonly tensors: readonly StreamedTensor[];
  /** config.json and its like, by name. */
  readonly texts: ReadonlyMap<string, string>;
}

const ROPE_FREQS = 'rope_freqs.weight';
const TORCH_NAMES = {
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  stored: 'float32',
} as const satisfies Record<ImportType, string>;

/**
 * Reads all of a GGUF file but its weights.
 * @throws CheckpointError or TensorsError where it is damaged, or holds what this version can't turn into a folder.
 */
export async function planImport(path: string, type: ImportType): Promise<ImportPlan> {
  const gguf = await readGguf(path);
  const model = readModelMetadata(path, gguf.metadata);
  const named = publishedTensors(path, gguf);
  const sizes = decoderSizes(path, model, named);
  matchDecoder(path, model, sizes, named);
  const tokenizer = readTokenizerMetadata(path, gguf.metadata, sizes.vocab);
  const tokens = generationConfig(tokenizer);
  const config = {
    ...modelConfig(model, sizes, await ropeScaling(path, gguf, model, sizes.headDim)),
    ...tokens,
    torch_dtype: TORCH_NAMES[type],
  };
  const context = model.fields.context_length;
  const files = {
    'config.json': config,
    'generation_config.json': tokens,
    'tokenizer.json': tokenizerJson(path, tokenizer),
    'tokenizer_config.json': tokenizerConfig(path, gguf.metadata, tokenizer, context),
  };
  const turned = model.architecture === 'llama' ? sizes.headDim : undefined;
  return {
    architecture: model.architecture,
    types: countTypes(named.values()),
    tensors: [...named].map(([name, tensor]) => {
      const dtype = type === 'stored' ? keptType(name, tensor) : type;
      const headRows = isRotary(name) ? turned : undefined;
      const pieces = () => ggufPieces({ path: gguf.path, tensor, name, dtype, headRows });
      return { name, shape: tensor.shape, dtype, pieces };
    }),
    texts: new Map(Object.entries(files).map(([name, value]) => [name, jsonText(name, value)])),
  };
}

/** For people to read, but for tokenizer.json: indented, a merge would take four lines. */
function jsonText(name: string, value: object): string {
  return `${JSON.stringify(value, null, name === 'tokenizer.json' ? 0 : 2)}\n`;
}

/** Rows of a table are looked up as they are stored, which is built for one type of blocks. */
function keptType(name: string, { dtype }: GgufTensor): StoredDtype {
  const isTable = name === 'model.embed_tokens.weight';
  return isTable && isBlockDtype(dtype) && dtype !== TABLE_BLOCKS ? 'F32' : dtype;
}

function isRotary(name: string): boolean {
  return /\.[qk]_proj\./.test(name);
}

function publishedTensors(path: string, { tensors }: Gguf): Map<string, GgufTensor> {
  const named = new Map<string, GgufTensor>();
  for (const [name, tensor] of tensors) {
    if (name === ROPE_FREQS) continue;
    const published = publishedName(name);
    if (published === undefined) {
      const problem = `tensor ${printable(name)} is none of a llama or qwen2 decoder; this version can not import the model.`;
      throw new CheckpointError(path, problem);
    }
    named.set(published, tensor);
  }
  return named;
}

/** What the file states, or what its table of divisors amounts to. */
async function ropeScaling(
  path: string,
  gguf: Gguf,
  model: ModelMetadata,
  headDim: number,
): Promise<RopeScaling> {
  const stated = statedScaling(path, model);
  const tensor = gguf.tensors.get(ROPE_FREQS);
  if (tensor === undefined) return stated;
  if (stated !== null) {
    const problem = `rope_freqs.weight and rope.scaling.type ${stated.rope_type} both scale the frequencies; this version knows no such model.`;
    throw new CheckpointError(path, problem);
  }
  if (tensor.shape.length !== 1 || tensor.shape[0] !== headDim / 2) {
    const problem = `rope_freqs.weight has the shape [${tensor.shape.join(', ')}]; heads of ${headDim} need ${headDim / 2} numbers.`;
    throw new CheckpointError(path, problem);
  }
  const divisors = new Float32Array(headDim / 2);
  let end = 0;
  const reading = { path: gguf.path, tensor, name: ROPE_FREQS, dtype: 'F32' } as const;
  for await (const piece of ggufPieces(reading)) {
    new Uint8Array(divisors.buffer).set(piece, end);
    end += piece.length;
  }
  const { fields } = model;
  const original = fields['rope.scaling.original_context_length'];
  return llama3Scaling(path, divisors, fields['rope.freq_base'], original);
}

function countTypes(tensors: Iterable<GgufTensor>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { dtype } of tensors) counts.set(dtype, (counts.get(dtype) ?? 0) + 1);
  return counts;
}
