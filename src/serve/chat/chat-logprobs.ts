import type { TokenLogprob, TokenLogprobs } from '../../contracts/generate.ts';

/** Logprobs in the form of chats. The end token has its own too, as it counts in `completion_tokens`. */
export const chatLogprobs = (tokens: readonly TokenLogprobs[]) => ({
  content: tokens.map((token) => ({ ...spelt(token), top_logprobs: token.top.map(spelt) })),
  refusal: null,
});

const spelt = ({ token, logprob }: TokenLogprob) => ({
  token,
  logprob,
  // Of a part of a character the bytes are not known.
  bytes: token.includes('\u{fffd}') ? null : [...new TextEncoder().encode(token)],
});
