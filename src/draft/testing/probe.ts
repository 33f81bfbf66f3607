import type { DraftRows, TreeShape } from '../../contracts/drafter.ts';
import { type Candidates, growTree } from '../../decode/grow-tree.ts';
import type { DraftNetwork } from '../msd-network.ts';
import { createNetworkDrafter } from '../network-drafter.ts';
import { type DraftText, openText } from './draft-text.ts';
import { readHeld } from './held-rows.ts';

/** What texts say while a tree grows, as numbers. Trees may be equal where these are not; where these are, trees are. */
export interface Probe {
  open(): DraftText;
  /** Log-probabilities of all candidates below a fixed root. */
  read(text: DraftText, shape?: TreeShape): Promise<Float32Array>;
  /** The same of several texts in one run, once each has read its rows. */
  readAll(jobs: readonly ProbeJob[]): Promise<Float32Array[]>;
}

interface ProbeJob {
  readonly text: DraftText;
  readonly rows: readonly DraftRows[];
  readonly shape?: TreeShape;
}

const ROOT = 353;
const SHAPE: TreeShape = { total: 30, depth: 3, topK: 6 };

export function createProbe(name: 'msd' | 'eagle', network: DraftNetwork): Probe {
  const said: number[][] = []; // of each job
  const grow: typeof growTree = (root, first, shape) => {
    const own: number[] = [];
    said.push(own);
    const hear = ({ logProbs, rows, k }: Candidates) => {
      for (let row = 0; row < rows; row++) {
        own.push(...logProbs.subarray(row * k, row * k + Math.min(k, shape.topK)));
      }
    };
    hear(first);
    return (function* () {
      const growth = growTree(root, first, shape);
      let level = growth.next();
      while (!level.done) {
        const candidates = yield level.value;
        hear(candidates);
        level = growth.next(candidates);
      }
      return level.value;
    })();
  };
  const drafter = createNetworkDrafter(name, network, readHeld, grow);
  const readAll: Probe['readAll'] = async (jobs) => {
    said.length = 0;
    await drafter.run(
      jobs.map(({ text: { state }, rows, shape = SHAPE }) => ({
        state,
        rows,
        grow: { root: ROOT, shape },
      })),
    );
    return said.map((own) => Float32Array.from(own));
  };
  return {
    open: () => openText(drafter),
    readAll,
    async read(text, shape = SHAPE) {
      return (await readAll([{ text, rows: [], shape }]))[0] as Float32Array;
    },
  };
}
