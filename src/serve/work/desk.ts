import { setMaxListeners } from 'node:events';
import type { GenerateEvent, GenerateOptions } from '../../contracts/generate.ts';
import { eventStream } from '../../engine/border/event-stream.ts';
import { ApiError } from '../api/api-error.ts';
import { type AnswerRecord, createRecord } from './answer-record.ts';
import type { EngineKeeper } from './engine-keeper.ts';
import type { Gate } from './gate.ts';

/** Milliseconds, from a request's arrival. */
interface Deadlines {
  /** To a place among those that run. */
  readonly queueMs: number;
  /** To its end. */
  readonly answerMs: number;
}

/** An answer that was ordered. */
export interface Order {
  /** Read once, to the end or left; leaving it ends the answer within a pass. */
  readonly events: AsyncGenerator<GenerateEvent, void, undefined>;
  readonly record: AnswerRecord;
}

/** Where the answers of a request are ordered. */
export interface Desk {
  /**
   * Orders answers, all of them or none. What their events throw is an ApiError or an error of the model's.
   * @param client ends them once whoever asked is gone
   * @throws ApiError 429, 503
   */
  order(options: readonly GenerateOptions[], client: AbortSignal): Order[];
  /** Ends what waits and what runs with this error. */
  end(error: ApiError): void;
}

export interface DeskParts {
  readonly gate: Gate;
  readonly keeper: EngineKeeper;
  readonly deadlines: Deadlines;
  readonly clock: () => number;
  /** Told of each answer, however it ended. */
  readonly onEnd: (record: AnswerRecord) => void;
}

export function createDesk({ gate, keeper, deadlines, clock, onEnd }: DeskParts): Desk {
  const endings = new Set<AbortController>();
  return {
    order(options, client) {
      keeper.get();
      const ending = new AbortController();
      setMaxListeners(0, ending.signal); // some of each answer
      const places = gate.enter(options.length, ending.signal);
      const gone = () => ending.abort(new ApiError(499, 'client_gone', 'The client is gone.'));
      const late = setTimeout(() => ending.abort(answerLate(deadlines)), deadlines.answerMs);
      const waitedLong = setTimeout(() => ending.abort(queueLate(deadlines)), deadlines.queueMs);
      let [left, unadmitted] = [options.length, options.length];
      const settle = () => {
        left -= 1;
        if (left > 0) return;
        endings.delete(ending);
        clearTimeout(late);
        clearTimeout(waitedLong);
        client.removeEventListener('abort', gone);
      };
      endings.add(ending);
      client.addEventListener('abort', gone, { once: true });
      if (client.aborted) gone();

      return options.map((each, choice) => {
        const record = createRecord(clock);
        const place = (places[choice] as Promise<() => void>).then((leave) => {
          record.admitted();
          unadmitted -= 1;
          if (unadmitted === 0) clearTimeout(waitedLong);
          ending.signal.addEventListener('abort', leave, { once: true }); // whether anybody reads it or not
          return leave;
        });
        place.catch(() => {}); // told to whoever reads the events
        const finish = () => {
          settle();
          onEnd(record);
        };
        return { record, events: answer(each, { place, record, signal: ending.signal, finish }) };
      });
    },
    end(error) {
      gate.close(error);
      for (const ending of endings) ending.abort(error);
    },
  };

  async function* answer(
    options: GenerateOptions,
    order: {
      place: Promise<() => void>;
      record: AnswerRecord;
      signal: AbortSignal;
      finish: () => void;
    },
  ): AsyncGenerator<GenerateEvent, void, undefined> {
    const { place, record, signal, finish } = order;
    try {
      await place;
      for await (const event of eventStream(keeper.get(), { ...options, signal })) {
        record.take(event);
        if (event.type === 'done' && event.result.finishReason === 'cancelled') {
          throw signal.reason;
        }
        yield event;
      }
    } catch (error) {
      record.failed(error);
      throw error;
    } finally {
      await place.then((leave) => leave()).catch(() => {});
      finish();
    }
  }
}

const answerLate = ({ answerMs }: Deadlines): ApiError =>
  new ApiError(
    504,
    'deadline_exceeded',
    `The answer took more than ${answerMs / 1000} s; ask for fewer tokens.`,
  );

const queueLate = ({ queueMs }: Deadlines): ApiError =>
  new ApiError(
    503,
    'queue_timeout',
    `The answer found no place for ${queueMs / 1000} s; ask again later.`,
    { retryAfter: Math.ceil(queueMs / 1000) },
  );
