/** Calls of an answer that are told apart. */
const MOST_CALLS = 64;

/**
 * The id of a call: nine letters and digits, as Mistral's templates want them. The prompt is longer in each turn of a
 * conversation, so that no two calls of it have the same.
 */
export const callId = (promptTokens: number, index: number): string =>
  `call${(promptTokens * MOST_CALLS + index).toString(36).padStart(5, '0').slice(-5)}`;
