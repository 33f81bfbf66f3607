import type { ContextReport } from './context-runs.ts';
import { ms, times } from './figures.ts';

export const CONTEXT_HEAD = ['tokens before', 'ms/token', 'over the first', 'passes'];

export function contextCells({ costs }: ContextReport): string[][] {
  return costs.map(({ tokens, ms, passes }) => [
    String(tokens),
    ms.toFixed(2),
    times(ms / (costs[0]?.ms ?? ms)),
    String(passes),
  ]);
}

/** What the slope comes to in memory that is read, beside what the weights do; empty where no line was drawn. */
export function contextSentence(report: ContextReport): string {
  const { line, cacheBytesPerToken, weightBytes } = report;
  if (line === null) return '';
  const speed = (bytes: number, took: number) => `${(bytes / took / 1e6).toFixed(1)} GB/s`;
  const slope = `Each 1,000 tokens before make a pass ${ms(1000 * line.tokenMs)} longer`;
  if (line.tokenMs <= 0) return `${slope}, which is noise.`;
  return `${slope}; their keys and values are ${((1000 * cacheBytesPerToken) / 1e6).toFixed(1)} MB, so that is ${speed(cacheBytesPerToken, line.tokenMs)}. A pass without a text would take ${ms(line.startMs)}, in which ${(weightBytes / 1e6).toFixed(0)} MB of weights are read: ${speed(weightBytes, line.startMs)}.`;
}
