import type { GenerateResult } from '../contracts/generate.ts';

/** Tokens a second as a reader sees them come: those after the first, from it to the end; null if none followed. */
export function tokensPerSecond({ ids, timings }: GenerateResult): number | null {
  const { firstToken, total } = timings;
  if (firstToken === null || ids.length < 2 || total <= firstToken) return null;
  return (1000 * (ids.length - 1)) / (total - firstToken);
}
