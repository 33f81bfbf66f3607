import type { GenerateResult } from '../../contracts/generate.ts';
import type { Finished } from '../chat/chat-answer.ts';
import { figuresOf } from '../chat/chat-answer.ts';
import type { EndStatus } from './output-items.ts';
import type { ResponseAsked } from './read-response.ts';

/** What every state of a response has. */
export interface ResponseHeading {
  readonly id: string;
  /** Seconds. */
  readonly created: number;
  readonly model: string;
  readonly said: ResponseAsked['said'];
}

/** A response before its answer is there. */
export const startedResponse = (heading: ResponseHeading) => ({
  ...responseOf(heading),
  status: 'in_progress' as const,
  incomplete_details: null,
  output: [] as object[],
  usage: null as object | null,
});

/** A response with its answer; one that was cut by `max_output_tokens` or the context is incomplete. */
export function endedResponse(
  heading: ResponseHeading,
  finished: Finished,
  output: readonly object[],
) {
  const { result } = finished;
  const status = endStatus(result);
  return {
    ...responseOf(heading),
    status,
    incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    output,
    usage: {
      input_tokens: result.promptTokens,
      input_tokens_details: {
        cached_tokens: result.cachedTokens,
        cache_write_tokens: result.promptTokens - result.cachedTokens, // what was read is kept
      },
      output_tokens: result.ids.length,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: result.promptTokens + result.ids.length,
    },
    ...figuresOf([finished]),
  };
}

export const endStatus = ({ finishReason }: GenerateResult): EndStatus =>
  finishReason === 'length' ? 'incomplete' : 'completed';

function responseOf({ id, created, model, said }: ResponseHeading) {
  const { instructions, maxOutputTokens, temperature, topP, metadata, user } = said;
  const { format, tools, toolChoice, parallelToolCalls } = said;
  return {
    ...{
      id,
      object: 'response' as const,
      created_at: created,
      model,
      instructions,
      metadata,
      ...(user !== null && { user }),
    },
    ...{ max_output_tokens: maxOutputTokens, temperature, top_p: topP, error: null },
    ...{ background: false, store: false, previous_response_id: null, truncation: 'disabled' },
    ...{ parallel_tool_calls: parallelToolCalls, tool_choice: toolChoice, tools },
    service_tier: 'default',
    reasoning: { effort: null, summary: null },
    text: { format },
  };
}
