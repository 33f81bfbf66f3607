import type { GenerateResult } from '../../contracts/generate.ts';

/**
 * Tokens of prompts and of their answers, in OpenAI's form. A prompt counts once, whatever it has of choices;
 * `completion_tokens` counts end tokens.
 * @param choices of each prompt, which stand side by side
 */
export function usageOf(results: readonly GenerateResult[], choices: number) {
  const firsts = results.filter((_, at) => at % choices === 0);
  const prompt = sumOf(firsts, ({ promptTokens }) => promptTokens);
  const completion = sumOf(results, ({ ids }) => ids.length);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: {
      cached_tokens: sumOf(firsts, ({ cachedTokens }) => cachedTokens),
      audio_tokens: 0,
    },
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
