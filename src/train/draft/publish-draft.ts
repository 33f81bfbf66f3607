import { join } from 'node:path';
import type { DraftConfig, TargetConfig, WeightRef } from '../../contracts/checkpoint.ts';
import { draftShapes } from '../../families/draft-layout.ts';
import { writeWhole } from '../../files/write-file.ts';
import { readFloats } from '../../formats/read-tensor.ts';
import { writeSafetensors } from '../../safetensors/write-safetensors.ts';

/** Writes a draft in the official layout: `config.json` and `model.safetensors`. */
export async function publishDraft(
  dir: string,
  draft: DraftConfig,
  target: TargetConfig,
  weights: ReadonlyMap<string, WeightRef>,
): Promise<void> {
  const tensors = await Promise.all(
    [...draftShapes(draft)].map(async ([name, shape]) => {
      const data = await readFloats(weights.get(name) as WeightRef);
      return { name, shape, dtype: 'F32' as const, data };
    }),
  );
  await writeSafetensors(join(dir, 'model.safetensors'), tensors, { format: 'pt' });
  const config = `${JSON.stringify(draftConfigJson(draft, target), null, 2)}\n`;
  await writeWhole(join(dir, 'config.json'), config);
}

function draftConfigJson(draft: DraftConfig, { bosTokenId, eosTokenIds }: TargetConfig): object {
  const { mropeSection } = draft;
  return {
    model_type: draft.family,
    hidden_act: 'silu',
    hidden_size: draft.hiddenSize,
    intermediate_size: draft.intermediateSize,
    num_attention_heads: draft.heads,
    num_key_value_heads: draft.kvHeads,
    head_dim: draft.headDim,
    num_hidden_layers: 1,
    max_position_embeddings: draft.contextLength,
    rms_norm_eps: draft.rmsNormEps,
    rope_theta: draft.ropeTheta,
    ...(mropeSection && { rope_scaling: { type: 'mrope', mrope_section: mropeSection } }),
    vocab_size: draft.vocabSize,
    ...(bosTokenId !== undefined && { bos_token_id: bosTokenId }),
    eos_token_id: eosTokenIds.length === 1 ? eosTokenIds[0] : eosTokenIds,
    bias: draft.fcBias,
    ...(draft.qkvBias && { qkv_bias: true }),
    tie_word_embeddings: false,
    torch_dtype: 'float32',
    ...(draft.headTokenIds && { head_token_ids: draft.headTokenIds }),
  };
}
