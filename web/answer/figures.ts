/** What passes say of speculation, for plots. */
import type { Pass } from './answer.ts';
import type { PassTimes, Tree } from './answer-event.ts';

/** Passes after the prompt's own. */
export const checkedPasses = (passes: readonly Pass[]): readonly (Pass & { tree: Tree })[] =>
  passes.filter((pass): pass is Pass & { tree: Tree } => pass.tree !== null);

/** Depth of each node, 0 at the root. */
export function depthsOf({ nodes }: { nodes: readonly { readonly parent: number }[] }): number[] {
  const depths: number[] = [];
  for (const { parent } of nodes) depths.push(parent < 0 ? 0 : (depths[parent] ?? 0) + 1);
  return depths;
}

/** For each depth from 1: of the passes that guessed so far, the share that kept so many. */
export function acceptanceByDepth(passes: readonly Pass[]): number[] {
  const shapes = checkedPasses(passes).map(({ tree }) => ({
    deepest: Math.max(0, ...depthsOf(tree)),
    kept: tree.kept.length - 1,
  }));
  const levels = Math.max(0, ...shapes.map(({ deepest }) => deepest));
  return Array.from({ length: levels }, (_, level) => {
    const guessed = shapes.filter(({ deepest }) => deepest > level);
    return guessed.filter(({ kept }) => kept > level).length / guessed.length;
  });
}

/** Words of each pass after the prompt's. */
export const tokensPerPass = (passes: readonly Pass[]): number[] =>
  checkedPasses(passes).map(({ words }) => words.length);

export const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Passes that a speed is taken over: few enough to follow, enough to be steady. */
const WINDOW = 8;

export interface Speed {
  /** Milliseconds from the question. */
  readonly at: number;
  readonly tokensPerSecond: number;
}

/** Speed at each pass, over the latest passes. */
export function speeds(passes: readonly Pass[]): Speed[] {
  return passes.slice(1).map(({ at }, place) => {
    const since = Math.max(0, place + 1 - WINDOW);
    const told = passes.slice(since + 1, place + 2).flatMap(({ words }) => words).length;
    const ms = at - (passes[since]?.at ?? 0);
    return { at, tokensPerSecond: ms > 0 ? (1000 * told) / ms : 0 };
  });
}

/** Tokens a second from the first word to the last. */
export function meanSpeed(passes: readonly Pass[]): number {
  const [first] = passes;
  const last = passes.at(-1);
  if (first === undefined || last === undefined || last.at <= first.at) return 0;
  const told = passes.slice(1).flatMap(({ words }) => words).length;
  return (1000 * told) / (last.at - first.at);
}

/** Milliseconds of all passes. */
export const timeSplit = (passes: readonly Pass[]): PassTimes => ({
  targetMs: passes.reduce((sum, { targetMs }) => sum + targetMs, 0),
  draftMs: passes.reduce((sum, { draftMs }) => sum + draftMs, 0),
  hostMs: passes.reduce((sum, { hostMs }) => sum + hostMs, 0),
});
