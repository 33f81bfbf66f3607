import type { GenerateEvent } from '../../contracts/generate.ts';
import { readingsJson } from './readings-json.ts';

/** An event as a line of `msd run --json-lines`; null for rounds, and for the end, whose line may hold more. */
export function eventJson(event: GenerateEvent): Record<string, unknown> | null {
  switch (event.type) {
    case 'start': {
      const { drafter, tree, choice, precision, device, threads, model, draft } = event.run;
      return {
        type: 'start',
        prompt_tokens: event.promptTokens,
        ...{ drafter, tree, choice, precision, device, threads, model, draft },
        ...(event.readings && { readings: readingsJson(event.readings) }),
      };
    }
    case 'prefill':
    case 'token':
      return { ...event };
    case 'round':
    case 'done':
      return null;
  }
}
