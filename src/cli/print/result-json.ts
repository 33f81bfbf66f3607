import type { GenerateResult } from '../../contracts/generate.ts';
import { tokensPerSecond } from '../../evaluate/answer-speed.ts';
import { readingsJson } from './readings-json.ts';

/** An answer as `msd run --json` prints it: the names that scripts lean on first, then what else there is to know. */
export function resultJson(result: GenerateResult): Record<string, unknown> {
  const { run } = result;
  const { firstToken, ...timings } = result.timings;
  return {
    text: result.text,
    ids: result.ids,
    finish_reason: result.finishReason,
    prompt_tokens: result.promptTokens,
    passes: result.passes,
    tokens_per_pass: result.tokensPerPass,
    accepted_per_pass: result.acceptedPerPass,
    drafter: run.drafter,
    tree: run.tree,
    precision: run.precision,
    device: run.device,
    timings: { ...timings, first_token: firstToken },
    tokens_per_second: tokensPerSecond(result),
    trees: result.trees,
    cached_tokens: result.cachedTokens,
    ...(result.readings && { readings: readingsJson(result.readings) }),
    model: run.model,
    draft: run.draft,
    beside: run.beside,
    threads: run.threads,
  };
}
