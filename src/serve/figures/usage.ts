import type { GenerateResult } from '../../contracts/generate.ts';

/** Tokens of a prompt and of its answers, in OpenAI's form. `completion_tokens` counts end tokens. */
export function usageOf(results: readonly GenerateResult[]) {
  const [first] = results;
  const prompt = first?.promptTokens ?? 0;
  const completion = sumOf(results, ({ ids }) => ids.length);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: first?.cachedTokens ?? 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      // Of `prediction` alone: what drafts gave is in `metrics.speculative_decoding`.
      accepted_prediction_tokens: sumOf(results, ({ predicted }) => predicted?.accepted ?? 0),
      rejected_prediction_tokens: sumOf(results, ({ predicted }) => predicted?.rejected ?? 0),
    },
  };
}

const sumOf = (results: readonly GenerateResult[], of: (result: GenerateResult) => number) =>
  results.reduce((sum, result) => sum + of(result), 0);
