import type { TestMetadata } from './write-gguf.ts';

interface TokenizerJson {
  readonly model: {
    readonly vocab: Readonly<Record<string, number>>;
    readonly merges: readonly (string | readonly string[])[];
  };
  readonly added_tokens: readonly { id: number; content: string; special: boolean }[];
}

/**
 * The metadata that llama.cpp's converter writes for a published tokenizer.json: byte-level ones with their merges,
 * others as SentencePiece, where earlier pieces have higher scores.
 */
export function metadataOfTokenizer(json: TokenizerJson, pre: string | undefined): TestMetadata {
  const added = new Map(json.added_tokens.map((token) => [token.id, token]));
  const texts = new Map(Object.entries(json.model.vocab).map(([text, id]) => [id, text]));
  for (const { id, content } of json.added_tokens) texts.set(id, content);
  const ids = Array.from({ length: Math.max(...texts.keys()) + 1 }, (_, id) => id);
  const type = (id: number) => {
    const token = added.get(id);
    const text = texts.get(id);
    if (text === undefined) return 5;
    if (token !== undefined) return token.content === '<unk>' ? 2 : token.special ? 3 : 4;
    return pre === undefined && /^<0x[0-9A-F]{2}>$/.test(text) ? 6 : 1;
  };
  const common = {
    'tokenizer.ggml.tokens': ids.map((id) => texts.get(id) ?? `[PAD${id}]`),
    'tokenizer.ggml.token_type': Int32Array.from(ids, type),
    'tokenizer.ggml.bos_token_id': Math.max(
      0,
      ids.findIndex((id) => texts.get(id) === '<s>'),
    ),
  };
  if (pre === undefined) {
    const scores = Float32Array.from(ids, (id) => -id);
    return { 'tokenizer.ggml.model': 'llama', 'tokenizer.ggml.scores': scores, ...common };
  }
  const merges = json.model.merges.map((merge) =>
    typeof merge === 'string' ? merge : merge.join(' '),
  );
  const words = { 'tokenizer.ggml.model': 'gpt2', 'tokenizer.ggml.pre': pre };
  return { ...words, 'tokenizer.ggml.merges': merges, ...common };
}
