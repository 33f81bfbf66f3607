import type { GenerateResult } from '../../contracts/generate.ts';
import type { AnswerFigures } from '../work/answer-record.ts';
import { speculativeFigures } from './speculative-figures.ts';

/** What an answer took, under llama.cpp's names; milliseconds. The prompt's own pass gives the first token. */
export function timingsOf(result: GenerateResult) {
  const { ids, promptTokens, cachedTokens, timings, rounds } = result;
  const promptMs = timings.firstToken ?? timings.total;
  const predictedMs = Math.max(0, timings.total - promptMs);
  const read = promptTokens - cachedTokens;
  const written = Math.max(0, ids.length - 1);
  return {
    cache_n: cachedTokens,
    prompt_n: read,
    prompt_ms: promptMs,
    prompt_per_token_ms: ratio(promptMs, read),
    prompt_per_second: ratio(1000 * read, promptMs),
    predicted_n: ids.length,
    predicted_ms: predictedMs,
    predicted_per_token_ms: ratio(predictedMs, written),
    predicted_per_second: ratio(1000 * written, predictedMs),
    draft_n: rounds.reduce((sum, { nodes }) => sum + nodes - 1, 0),
    draft_n_accepted: rounds.reduce((sum, { accepted }) => sum + accepted, 0),
  };
}

/** What an answer took, and what speculation gave, under vLLM's names; milliseconds. */
export function metricsOf(
  result: GenerateResult,
  { queueMs, firstTokenMs, totalMs }: AnswerFigures,
) {
  const speculative = speculativeFigures(result);
  const generation = totalMs - (firstTokenMs ?? totalMs);
  const written = Math.max(0, result.ids.length - 1);
  return {
    time_to_first_token_ms: firstTokenMs,
    generation_time_ms: generation,
    queue_time_ms: queueMs,
    mean_itl_ms: ratio(generation, written),
    tokens_per_second: ratio(1000 * written, generation),
    ...(speculative && { speculative_decoding: speculative }),
  };
}

const ratio = (a: number, b: number): number => (b > 0 ? a / b : 0);
