import type { TokenLogprobs } from '../../contracts/generate.ts';

/** Logprobs in the form of `/v1/completions`: lists side by side. Where tokens of one spelling are likely, the likelier stays. */
export function completionLogprobs(tokens: readonly TokenLogprobs[], offset: number) {
  const offsets: number[] = [];
  let at = offset;
  for (const { token } of tokens) {
    offsets.push(at);
    at += token.length;
  }
  return {
    tokens: tokens.map(({ token }) => token),
    token_logprobs: tokens.map(({ logprob }) => logprob),
    top_logprobs: tokens.map(({ top }) =>
      Object.fromEntries([...top].reverse().map(({ token, logprob }) => [token, logprob])),
    ),
    text_offset: offsets,
  };
}
