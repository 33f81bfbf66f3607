import type { GenerateEvent, GenerateResult } from '../../contracts/generate.ts';

/** The result that a stream of events ends with. */
export async function wholeAnswer(events: AsyncIterable<GenerateEvent>): Promise<GenerateResult> {
  for await (const event of events) if (event.type === 'done') return event.result;
  throw new TypeError('an answer ended without its result');
}
