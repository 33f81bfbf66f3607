import type { Session } from '../../contracts/session.ts';

/** Milliseconds spent inside sessions so far. */
export interface Meter {
  vision: number;
  target: number;
  draft: number;
}

export const createMeter = (): Meter => ({ vision: 0, target: 0, draft: 0 });

/** Times every run of a session. */
export function metered(
  session: Session,
  part: keyof Meter,
  meter: Meter,
  clock: () => number,
): Session {
  return {
    async run(feeds, outputs) {
      const start = clock();
      try {
        return await session.run(feeds, outputs);
      } finally {
        meter[part] += clock() - start;
      }
    },
    dispose: () => session.dispose(),
  };
}
