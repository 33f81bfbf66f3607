/**
 * An MSD draft as its authors store it: one decoder layer without input norm behind `fc`, and a copy of the target's
 * embedding table. The official loader ignores what does not fit; this one refuses it.
 */

import { z } from 'zod';
import type { DraftConfig, TargetConfig, TensorRef } from '../contracts/checkpoint.ts';
import { DraftMismatchError, UnknownFamilyError } from '../contracts/errors.ts';
import { fieldError, only, parseFields, tokenId } from './config-fields.ts';
import { readConfigFolder } from './config-file.ts';
import { llamaSchema, llamaSizes } from './llama-config.ts';
import { matchTensors } from './match-tensors.ts';
import { readTensorTable } from './tensor-table.ts';

/** The only one whose drafts are read. */
const FAMILY = 'llava';

export interface Draft {
  readonly config: DraftConfig;
  readonly tensors: ReadonlyMap<string, TensorRef>;
}

const draftSchema = llamaSchema.extend({
  num_hidden_layers: z.literal(1),
  bias: z.boolean().default(true),
  qkv_bias: only(false),
  /** Tokens that the draft may guess, ascending; absent: all. */
  head_token_ids: z.array(tokenId).min(1).optional(),
});

/**
 * The draft in a folder of `config.json` and `model.safetensors` (keys of the official code's state dict).
 * @throws UnknownFamilyError, CheckpointError, or TensorsError.
 */
export async function readDraft(dir: string): Promise<Draft> {
  const { path, config: raw, family } = await readConfigFolder(dir);
  if (family !== FAMILY) throw new UnknownFamilyError(path, family, [FAMILY]);
  const fields = parseFields(path, draftSchema, raw);
  const sizes = llamaSizes(path, '', fields);
  const ids = fields.head_token_ids;
  checkHeadTokens(path, ids, sizes.vocabSize);
  const config = {
    family,
    ...sizes,
    fcBias: fields.bias,
    ...(ids !== undefined && { headTokenIds: ids }),
  } as const;
  const tensors = matchTensors(dir, await readTensorTable(dir), draftShapes(config));
  return { config, tensors };
}

function checkHeadTokens(
  path: string,
  ids: readonly number[] | undefined,
  vocabSize: number,
): void {
  const bad = ids?.find((id, index) => id >= vocabSize || id <= (ids[index - 1] ?? -1));
  if (bad === undefined) return;
  const expectation = `the ids must ascend and lie below vocab_size ${vocabSize}`;
  throw fieldError(path, 'head_token_ids', bad, expectation);
}

/**
 * Whether the draft can serve the target: it reads the target's features and speaks through the target's head. Its own
 * table may be shorter than the target's vocabulary (published: 32,000 against 32,064).
 * @throws DraftMismatchError that names what differs.
 */
export function matchDraft(draft: DraftConfig, { decoder }: Pick<TargetConfig, 'decoder'>): void {
  if (draft.hiddenSize !== decoder.hiddenSize) {
    throw new DraftMismatchError('hidden size', draft.hiddenSize, decoder.hiddenSize);
  }
  if (draft.vocabSize > decoder.vocabSize) {
    throw new DraftMismatchError('vocabulary size', draft.vocabSize, decoder.vocabSize);
  }
}

/** The tensors of a draft and their shapes, by the official names. */
export function draftShapes(config: DraftConfig): Map<string, readonly number[]> {
  const { hiddenSize: h, intermediateSize: m } = config;
  const q = config.heads * config.headDim;
  const kv = config.kvHeads * config.headDim;
  return new Map([
    ['embed_tokens.weight', [config.vocabSize, h]],
    ['fc.weight', [h, 2 * h]],
    ...(config.fcBias ? ([['fc.bias', [h]]] as const) : []),
    ['layers.0.self_attn.q_proj.weight', [q, h]],
    ['layers.0.self_attn.k_proj.weight', [kv, h]],
    ['layers.0.self_attn.v_proj.weight', [kv, h]],
    ['layers.0.self_attn.o_proj.weight', [h, q]],
    ['layers.0.post_attention_layernorm.weight', [h]],
    ['layers.0.mlp.gate_proj.weight', [m, h]],
    ['layers.0.mlp.up_proj.weight', [m, h]],
    ['layers.0.mlp.down_proj.weight', [h, m]],
  ]);
}
