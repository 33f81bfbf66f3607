/** How far a harvest is. */
export interface HarvestProgress {
  /** Turns of dialogues that have ended, and of all. */
  readonly done: number;
  readonly total: number;
  readonly tokensPerSecond: number;
  /** Undefined before a dialogue has ended in this run. */
  readonly secondsLeft: number | undefined;
}

/** Counts what a run does; what earlier runs did is done, but tells nothing of this one's speed. */
export interface ProgressMeter {
  count(turns: number, tokens: number): void;
  progress(): HarvestProgress;
}

/** @param clock milliseconds, from any zero */
export function createProgressMeter(
  total: number,
  doneBefore: number,
  clock: () => number,
): ProgressMeter {
  const start = clock();
  let [turns, tokens] = [0, 0];
  return {
    count(moreTurns, moreTokens) {
      turns += moreTurns;
      tokens += moreTokens;
    },
    progress() {
      const seconds = Math.max(1, clock() - start) / 1000;
      const done = doneBefore + turns;
      const secondsLeft = turns === 0 ? undefined : ((total - done) * seconds) / turns;
      return { done, total, tokensPerSecond: tokens / seconds, secondsLeft };
    },
  };
}

/** `951 tokens/s, 2 min left` */
export function speedText({ tokensPerSecond, secondsLeft }: HarvestProgress): string {
  const speed = tokensPerSecond.toFixed(tokensPerSecond < 10 ? 1 : 0);
  const left = secondsLeft === undefined ? '' : `, ${timeText(secondsLeft)} left`;
  return `${speed} tokens/s${left}`;
}

function timeText(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
