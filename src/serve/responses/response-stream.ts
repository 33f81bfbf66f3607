import type { GenerateEvent } from '../../contracts/generate.ts';
import { passFigures } from '../figures/pass-figures.ts';
import type { Order } from '../work/desk.ts';
import { createOutput, type OutputEvent } from './output-items.ts';
import {
  endedResponse,
  endStatus,
  type ResponseHeading,
  startedResponse,
} from './response-object.ts';

/**
 * The events of a streamed response, numbered: it is created; messages and calls begin, grow and end, one after the other;
 * it is complete. The last one has all of it.
 */
export async function* responseStream(
  heading: ResponseHeading,
  { events, record }: Order,
  newId: () => string,
  passes: boolean,
): AsyncGenerator<OutputEvent, void, undefined> {
  let number = 0;
  const event = (type: string, more: object) => ({ type, sequence_number: number++, ...more });
  const output = createOutput(newId);
  const started = startedResponse(heading);
  const inProgress = { type: 'response.in_progress', response: started };
  const eventsOf = (given: GenerateEvent): OutputEvent[] => {
    if (given.type === 'start') {
      return [{ type: 'response.created', response: started }, inProgress];
    }
    if (given.type === 'done') {
      const status = endStatus(given.result);
      const before = output.end(status);
      const finished = { result: given.result, figures: record.figures() };
      const response = endedResponse(heading, finished, output.items);
      return [...before, { type: `response.${status}`, response }];
    }
    const added = given.type === 'token' ? output.take(given) : [];
    return added.length > 0 || !passes ? added : [output.idle() ?? inProgress];
  };
  for await (const given of events) {
    const added = eventsOf(given);
    for (const [at, { type, ...more }] of added.entries()) {
      const told = passes && at === added.length - 1 ? { msd: passFigures(given) } : {};
      yield event(type, { ...more, ...told });
    }
  }
}
