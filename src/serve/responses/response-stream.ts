import { passFigures } from '../figures/pass-figures.ts';
import type { Order } from '../work/desk.ts';
import {
  endedResponse,
  endStatus,
  outputMessage,
  outputText,
  type ResponseHeading,
  startedResponse,
} from './response-object.ts';

/** The events of a streamed response, numbered: it is created, a message and its text begin, grow and end, it is complete. */
export async function* responseStream(
  heading: ResponseHeading,
  { events, record }: Order,
  passes: boolean,
): AsyncGenerator<{ readonly type: string }, void, undefined> {
  let number = 0;
  const event = (type: string, more: object) => ({ type, sequence_number: number++, ...more });
  const place = { item_id: heading.messageId, output_index: 0, content_index: 0 };
  for await (const given of events) {
    const told = passes ? { msd: passFigures(given) } : {};
    if (given.type === 'start') {
      const response = startedResponse(heading);
      const item = outputMessage(heading, 'in_progress', []);
      yield event('response.created', { response });
      yield event('response.in_progress', { response, ...told });
      yield event('response.output_item.added', { output_index: 0, item });
      yield event('response.content_part.added', { ...place, part: outputText('') });
    } else if (given.type === 'token' || given.type === 'round') {
      const delta = given.type === 'token' ? given.text : '';
      if (delta === '' && !passes) continue;
      yield event('response.output_text.delta', { ...place, delta, logprobs: [], ...told });
    } else if (given.type === 'done') {
      const { result } = given;
      const { text } = result;
      const part = outputText(text);
      const status = endStatus(result);
      const item = outputMessage(heading, status, [part]);
      const response = endedResponse(heading, { result, figures: record.figures() });
      yield event('response.output_text.done', { ...place, text, logprobs: [] });
      yield event('response.content_part.done', { ...place, part });
      yield event('response.output_item.done', { output_index: 0, item });
      yield event(`response.${status}`, { response, ...told });
    }
  }
}
