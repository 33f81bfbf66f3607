import type { GenerateEvent, GenerateOptions, GenerateResult } from '../../contracts/generate.ts';
import { readPicture } from '../../input/node/read-picture.ts';
import { eventStream } from '../border/event-stream.ts';
import { wholeAnswer } from '../border/whole-answer.ts';
import type { Engine } from '../engine.ts';

/** All events of a request. */
export async function eventsOf(engine: Engine, options: GenerateOptions): Promise<GenerateEvent[]> {
  const events: GenerateEvent[] = [];
  for await (const event of eventStream(engine, options, readPicture)) events.push(event);
  return events;
}

/** The result of a request. */
export async function resultOf(engine: Engine, options: GenerateOptions): Promise<GenerateResult> {
  return wholeAnswer(eventStream(engine, options, readPicture));
}
