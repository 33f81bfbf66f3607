import type { Drafter, DraftState } from '../../contracts/drafter.ts';
import type { growTree } from '../../decode/grow-tree.ts';
import { createMsdDrafter } from '../msd.ts';
import type { DraftNetwork } from '../msd-network.ts';

/**
 * What a state would say, as numbers: the log-probabilities of its best next tokens, and those below a fixed tree of
 * two levels. Trees of two states may differ where scores are near; these may not.
 */
export interface Probe {
  readonly drafter: Drafter;
  read(state: DraftState): Promise<Float32Array>;
}

const TOP_K = 10;

export function createProbe(name: 'msd' | 'eagle', network: DraftNetwork): Probe {
  const said: number[] = [];
  const grow: typeof growTree = async (root, first, expand) => {
    said.length = 0;
    said.push(...first.logProbs);
    const tokens = Int32Array.of(353, 539, 407);
    said.push(...(await expand({ tokens, parents: Int32Array.of(-1, -1, -1), level: 0 })).logProbs);
    said.push(...(await expand({ tokens, parents: Int32Array.of(0, 2, 2), level: 1 })).logProbs);
    return { tokens: Int32Array.of(root), parents: Int32Array.of(-1), depths: Int32Array.of(0) };
  };
  return {
    drafter: createMsdDrafter(name, network, grow),
    async read(state) {
      await state.propose(353, { total: 2, depth: 2, topK: TOP_K });
      return Float32Array.from(said);
    },
  };
}
