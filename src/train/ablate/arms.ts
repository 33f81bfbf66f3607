import type { Fusion } from '../../draft/msd-graph.ts';
import type { Curriculum } from '../curriculum/share.ts';

/** A way to train a draft, that is compared with others. */
export interface Arm {
  /** In file names and tables. */
  readonly name: string;
  readonly fusion: Fusion;
  readonly curriculum: Curriculum;
}

/** The two ideas of the paper, each with and without the other. */
export const FACTORIAL = {
  both: { name: 'decoupled two-stage', fusion: 'decoupled', curriculum: 'two-stage' },
  decoupling: { name: 'decoupled mixed', fusion: 'decoupled', curriculum: 'mixed' },
  stages: { name: 'fused two-stage', fusion: 'fused', curriculum: 'two-stage' },
  neither: { name: 'fused mixed', fusion: 'fused', curriculum: 'mixed' },
} as const satisfies Record<string, Arm>;

export const ARMS: readonly Arm[] = [
  ...Object.values(FACTORIAL),
  { name: 'text only', fusion: 'decoupled', curriculum: 'text' },
  { name: 'pictures only', fusion: 'decoupled', curriculum: 'visual' },
];
