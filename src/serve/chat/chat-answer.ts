import type { GenerateResult } from '../../contracts/generate.ts';
import { readingFigures } from '../figures/reading-figures.ts';
import { metricsOf, timingsOf } from '../figures/timings.ts';
import { usageOf } from '../figures/usage.ts';
import type { AnswerFigures } from '../work/answer-record.ts';
import { chatLogprobs } from './chat-logprobs.ts';

/** What every part of an answer begins with. */
export interface Heading {
  readonly id: string;
  /** Seconds. */
  readonly created: number;
  readonly model: string;
}

export interface Finished {
  readonly result: GenerateResult;
  readonly figures: AnswerFigures;
}

/** The answer of `/v1/chat/completions` in one piece. */
export function chatAnswer(heading: Heading, choices: readonly Finished[], logprobs: boolean) {
  return {
    ...{
      id: heading.id,
      object: 'chat.completion',
      created: heading.created,
      model: heading.model,
    },
    choices: choices.map(({ result }, index) => ({
      index,
      message: messageOf(result),
      logprobs: logprobs ? chatLogprobs(result.logprobs ?? []) : null,
      finish_reason: result.finishReason,
    })),
    usage: usageOf(
      choices.map(({ result }) => result),
      choices.length,
    ),
    ...figuresOf(choices),
  };
}

/** Where functions are called, what was written beside the calls; null is nothing. */
function messageOf({ text, content = text, toolCalls = [] }: GenerateResult) {
  const calls = toolCalls.length > 0;
  return {
    role: 'assistant',
    content: calls && content === '' ? null : content,
    refusal: null,
    ...(calls && { tool_calls: toolCalls }),
  };
}

/** Of a lone answer; those of several would not say whose they are, but for what was read of their pictures. */
export function figuresOf(choices: readonly Finished[]) {
  const [only, ...more] = choices;
  if (only === undefined) return {};
  const read = readingFigures(only.result);
  if (more.length > 0) return read;
  return {
    ...read,
    timings: timingsOf(only.result),
    metrics: metricsOf(only.result, only.figures),
  };
}
