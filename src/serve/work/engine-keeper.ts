import type { Engine } from '../../engine/engine.ts';
import { ApiError } from '../api/api-error.ts';

/** Keeps an engine there: where one ends by itself, another is loaded. */
export interface EngineKeeper {
  /** The first load: whoever starts a server that can't load its model wants to know. */
  readonly loaded: Promise<Engine>;
  readonly state: EngineState;
  /** How many engines ended by themselves. */
  readonly lost: number;
  /** @throws ApiError 503 where there is none now */
  get(): Engine;
  close(): Promise<void>;
}

type EngineState = 'loading' | 'ready' | 'closed';

/** Seconds between loads that fail, the first at once. */
const PAUSES = [0, 1, 5, 15, 60];

/**
 * @param open loads an engine, which tells once if it ends by itself
 * @param tell what happened, for the log
 */
export function createEngineKeeper(
  open: (onLost: (error: Error) => void) => Promise<Engine>,
  tell: (event: 'engine ready' | 'engine lost' | 'engine not loaded', error?: unknown) => void,
  wait: (seconds: number) => Promise<void>,
): EngineKeeper {
  let engine: Engine | null = null;
  let closed = false;
  let lost = 0;

  const load = async (): Promise<Engine> => {
    let alive = true;
    const opened = await open((error) => {
      alive = false;
      if (closed) return;
      engine = null;
      lost += 1;
      tell('engine lost', error);
      void reload();
    });
    if (closed) await opened.dispose();
    else if (alive) {
      engine = opened;
      tell('engine ready');
    }
    return opened;
  };
  const reload = async () => {
    for (let tries = 0; !closed; tries += 1) {
      await wait(PAUSES[Math.min(tries, PAUSES.length - 1)] as number);
      try {
        if (!closed) await load();
        return;
      } catch (error) {
        tell('engine not loaded', error);
      }
    }
  };
  const loaded = load();
  loaded.catch(() => {}); // whoever started the server awaits it
  return {
    loaded,
    get state() {
      return closed ? 'closed' : engine === null ? 'loading' : 'ready';
    },
    get lost() {
      return lost;
    },
    get() {
      if (engine !== null) return engine;
      const retryAfter = 5;
      throw new ApiError(503, 'model_loading', 'The model is being loaded; ask again.', {
        retryAfter,
      });
    },
    async close() {
      closed = true;
      await engine?.dispose();
      engine = null;
    },
  };
}
