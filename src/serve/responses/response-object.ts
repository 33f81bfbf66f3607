import type { GenerateResult } from '../../contracts/generate.ts';
import type { Finished } from '../chat/chat-answer.ts';
import { figuresOf } from '../chat/chat-answer.ts';
import type { ResponseAsked } from './read-response.ts';

/** What every state of a response has. */
export interface ResponseHeading {
  readonly id: string;
  readonly messageId: string;
  /** Seconds. */
  readonly created: number;
  readonly model: string;
  readonly said: ResponseAsked['said'];
}

export const outputText = (text: string) => ({
  type: 'output_text' as const,
  text,
  annotations: [],
  logprobs: [],
});

/** The message that an answer is. */
export const outputMessage = (
  { messageId }: ResponseHeading,
  status: 'in_progress' | 'completed' | 'incomplete',
  content: readonly object[],
) => ({ type: 'message' as const, id: messageId, status, role: 'assistant' as const, content });

/** A response before its answer is there. */
export const startedResponse = (heading: ResponseHeading) => ({
  ...responseOf(heading),
  status: 'in_progress' as const,
  incomplete_details: null,
  output: [] as object[],
  usage: null as object | null,
});

/** A response with its answer; one that was cut by `max_output_tokens` or the context is incomplete. */
export function endedResponse(heading: ResponseHeading, finished: Finished) {
  const { result } = finished;
  const status = endStatus(result);
  return {
    ...responseOf(heading),
    status,
    incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    output: [outputMessage(heading, status, [outputText(result.text)])],
    usage: {
      input_tokens: result.promptTokens,
      input_tokens_details: { cached_tokens: result.cachedTokens },
      output_tokens: result.ids.length,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: result.promptTokens + result.ids.length,
    },
    ...figuresOf([finished]),
  };
}

export const endStatus = ({ finishReason }: GenerateResult): 'completed' | 'incomplete' =>
  finishReason === 'length' ? 'incomplete' : 'completed';

function responseOf({ id, created, model, said }: ResponseHeading) {
  const { instructions, maxOutputTokens, temperature, topP, metadata, user } = said;
  return {
    ...{
      id,
      object: 'response' as const,
      created_at: created,
      model,
      instructions,
      metadata,
      user,
    },
    ...{ max_output_tokens: maxOutputTokens, temperature, top_p: topP, error: null },
    ...{ background: false, store: false, previous_response_id: null, truncation: 'disabled' },
    ...{ parallel_tool_calls: false, tool_choice: 'none', tools: [], service_tier: 'default' },
    reasoning: { effort: null, summary: null },
    text: { format: { type: 'text' } },
  };
}
