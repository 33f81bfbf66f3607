import type { TreeShape } from '../contracts/drafter.ts';

/** The trees that `auto` chooses from, besides plain decoding. The last is the paper's. */
export const AUTO_TREES: readonly TreeShape[] = [
  { total: 8, depth: 4, topK: 4 },
  { total: 16, depth: 5, topK: 6 },
  { total: 32, depth: 5, topK: 8 },
  { total: 59, depth: 5, topK: 10 },
];
