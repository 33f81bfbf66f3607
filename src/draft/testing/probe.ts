import type { DraftRows } from '../../contracts/drafter.ts';
import type { growTree } from '../../decode/grow-tree.ts';
import { createMsdDrafter } from '../msd.ts';
import type { DraftNetwork } from '../msd-network.ts';
import { type DraftText, openText } from './draft-text.ts';
import { readHeld } from './held-rows.ts';

/** What texts would say, as numbers. Trees may be equal where these are not; where these are, trees are. */
export interface Probe {
  open(): DraftText;
  /** Log-probabilities of the best next tokens, and of those below a fixed tree of two levels. */
  read(text: DraftText): Promise<Float32Array>;
  /** The same of several texts in one run, once each has read its rows. */
  readAll(
    jobs: readonly { text: DraftText; rows: readonly DraftRows[] }[],
  ): Promise<Float32Array[]>;
}

const TOP_K = 10;
const LEVELS = [
  { tokens: Int32Array.of(353, 539, 407), parents: Int32Array.of(-1, -1, -1), level: 0 },
  { tokens: Int32Array.of(353, 539, 407), parents: Int32Array.of(0, 2, 2), level: 1 },
];

export function createProbe(name: 'msd' | 'eagle', network: DraftNetwork): Probe {
  const said: number[][] = []; // of each job
  const grow: typeof growTree = (root, first) => {
    const own = [...first.logProbs];
    said.push(own);
    return (function* () {
      for (const level of LEVELS) own.push(...(yield level).logProbs);
      return { tokens: Int32Array.of(root), parents: Int32Array.of(-1), depths: Int32Array.of(0) };
    })();
  };
  const drafter = createMsdDrafter(name, network, readHeld, grow);
  const readAll: Probe['readAll'] = async (jobs) => {
    said.length = 0;
    const shape = { total: 2, depth: 2, topK: TOP_K };
    await drafter.run(
      jobs.map(({ text: { state }, rows }) => ({ state, rows, grow: { root: 353, shape } })),
    );
    return said.map((own) => Float32Array.from(own));
  };
  return {
    open: () => openText(drafter),
    readAll,
    read: async (text) => (await readAll([{ text, rows: [] }]))[0] as Float32Array,
  };
}
