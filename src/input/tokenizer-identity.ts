import type { Tokenizer } from './tokenizer.ts';

/** What tells tokenizers apart whose ids mean other tokens: SHA-256 of all tokens, in order, in hexadecimal digits. */
export async function tokenizerIdentity({
  vocabSize,
  tokenText,
}: Pick<Tokenizer, 'vocabSize' | 'tokenText'>): Promise<string> {
  const tokens = Array.from({ length: vocabSize }, (_, id) => tokenText(id) ?? null);
  const bytes = new TextEncoder().encode(JSON.stringify(tokens));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
