/** Where llama.cpp's tensors stand in Hugging Face's models of the families llama and qwen2. */

const WHOLE: ReadonlyMap<string, string> = new Map([
  ['token_embd.weight', 'model.embed_tokens.weight'],
  ['output_norm.weight', 'model.norm.weight'],
  ['output.weight', 'lm_head.weight'],
]);

const LAYER: ReadonlyMap<string, string> = new Map([
  ['attn_norm', 'input_layernorm'],
  ['attn_q', 'self_attn.q_proj'],
  ['attn_k', 'self_attn.k_proj'],
  ['attn_v', 'self_attn.v_proj'],
  ['attn_output', 'self_attn.o_proj'],
  ['ffn_norm', 'post_attention_layernorm'],
  ['ffn_gate', 'mlp.gate_proj'],
  ['ffn_up', 'mlp.up_proj'],
  ['ffn_down', 'mlp.down_proj'],
]);

/** Hugging Face's name; undefined for a tensor that these families don't have. */
export function publishedName(name: string): string | undefined {
  const whole = WHOLE.get(name);
  if (whole !== undefined) return whole;
  const [, layer, part = '', kind] =
    /^blk\.(0|[1-9]\d{0,3})\.(\w+)\.(weight|bias)$/.exec(name) ?? [];
  const inside = LAYER.get(part);
  return inside === undefined ? undefined : `model.layers.${layer}.${inside}.${kind}`;
}
