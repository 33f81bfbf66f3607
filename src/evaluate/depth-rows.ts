import type { DepthReport } from './depth-report.ts';
import { share } from './figures.ts';

export const DEPTH_HEAD = [
  'depth',
  'rounds',
  'nodes',
  'kept',
  'foretold',
  'after its parent',
  'tokens/pass',
];

export function depthCells(depths: readonly DepthReport[]): string[][] {
  return depths.map((one) => [
    String(one.depth),
    String(one.rounds),
    one.nodes.toFixed(1),
    share(one.kept / one.rounds),
    one.predicted === null ? '-' : share(one.predicted),
    share(one.acceptance),
    one.tokensPerPass.toFixed(2),
  ]);
}
