/** What Hugging Face knows of a tokenizer's named tokens (`eos_token`, …) beyond what tokenizer_config.json says itself. */

/** Names that a tokenizer's class gives where the file gives none. */
const OF_CLASS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  LlamaTokenizer: { bos_token: '<s>', eos_token: '</s>', unk_token: '<unk>' },
  Qwen2Tokenizer: {
    eos_token: '<|endoftext|>',
    unk_token: '<|endoftext|>',
    pad_token: '<|endoftext|>',
  },
  GPT2Tokenizer: {
    bos_token: '<|endoftext|>',
    eos_token: '<|endoftext|>',
    unk_token: '<|endoftext|>',
  },
};

/**
 * tokenizer_config.json with the names that its class gives, and with those of special_tokens_map.json, which go first
 * in files so old that the config lists no added tokens.
 * @param map special_tokens_map.json
 */
export function withNamedTokens(config: unknown, map: unknown): unknown {
  if (!isRecord(config)) return config;
  const { tokenizer_class: named } = config;
  const given = typeof named === 'string' ? OF_CLASS[named.replace(/Fast$/, '')] : undefined;
  const older = isRecord(map) && config.added_tokens_decoder === undefined ? map : {};
  return { ...given, ...config, ...older };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
