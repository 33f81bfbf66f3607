import type {
  Drafter,
  DrafterContext,
  DraftJob,
  DraftState,
  DraftTree,
} from '../contracts/drafter.ts';
import { OptionError } from '../contracts/errors.ts';
import type { Target } from '../contracts/target.ts';
import { type Candidates, growTree } from '../decode/grow-tree.ts';
import { rootTree } from '../decode/tree-shape.ts';
import type { CachedText } from '../model/block-cache.ts';
import { consecutive } from '../model/consecutive.ts';
import { evenGroups, pieceRows } from '../model/lane-groups.ts';
import type { DraftOf, OpenSession } from './built-in-drafter.ts';
import { createDraftStates, type DraftStates } from './draft-states.ts';
import { expandLevels, type GrowingTree } from './expand-levels.ts';
import { buildMsdDraft, type Fusion } from './msd-graph.ts';
import { createDraftNetwork, type DraftLane, type DraftNetwork } from './msd-network.ts';
import { cutReadRows, type ReadRows, readDraftRows } from './read-draft-rows.ts';
import { createRowPositions, type RowPositions } from './row-positions.ts';

/** Most candidates per node that a tree may ask for. */
const MAX_TOP_K = 64;

/** What the draft says after its newest row. */
interface Newest {
  /** The target's next feature, as predicted. */
  readonly hidden: Float32Array; // [H]
  readonly candidates: Candidates; // [1, MAX_TOP_K]
}

/** A text in the draft: one committed column per committed row of the target, made of true target features. */
interface NetworkState extends DraftState {
  readonly text: CachedText;
  readonly positions: RowPositions;
  /** Of the last row that was read, since the last truncation. */
  newest: Newest | undefined;
}

/** A trained draft, its networks opened. */
export async function openNetworkDrafter(
  name: string,
  fusion: Fusion,
  { target }: Pick<DrafterContext, 'target'>,
  { config, tensors, head, placing }: DraftOf<'msd' | 'eagle'>,
  openSession: OpenSession,
): Promise<Drafter> {
  const session = await openSession(buildMsdDraft(config, tensors, head, fusion));
  return createNetworkDrafter(name, createDraftNetwork(session, config, placing), target.read);
}

/**
 * A trained draft as a drafter; how it reads pictures is a matter of the graph behind the network. A root that its table lacks, or one
 * that no row announced since the last truncation, gets a tree of the root alone.
 *
 * @param read features of the target's rows
 * @param grow how a tree is chosen; for comparisons with other rules
 */
export function createNetworkDrafter(
  name: string,
  network: DraftNetwork,
  read: Target['read'],
  grow: typeof growTree = growTree,
): Drafter {
  const states = createDraftStates<NetworkState>();
  return {
    name,
    drafts: true,
    isNetwork: true,
    open: () => openState(network, states),
    async run(jobs) {
      for (const { grow: wanted } of jobs) requireTopK(wanted?.shape.topK ?? 1);
      return states.wholly(jobs, async () => {
        const reading = jobs.filter(({ rows }) => rows.some(({ next }) => next.length > 0));
        await readAll(network, read, reading, reading.map(states.of));
        const { vocabSize } = network.config;
        const roots = jobs.map((job) => growth(job, states.of(job), vocabSize, grow));
        const growing = roots.filter((root) => root !== null && 'growth' in root) as GrowingTree[];
        const grown = await expandLevels(network, growing);
        return roots.map((root) =>
          root !== null && 'growth' in root ? (grown[growing.indexOf(root)] as DraftTree) : root,
        );
      });
    },
  };
}

function requireTopK(topK: number): void {
  if (topK <= MAX_TOP_K) return;
  const problem = `asks for ${topK} candidates per node; at most ${MAX_TOP_K} work.`;
  throw new OptionError('tree', problem);
}

function openState(
  network: DraftNetwork,
  states: DraftStates<NetworkState>,
  text = network.cache.open(),
  positions = createRowPositions(network.placing),
): NetworkState {
  const state: NetworkState = {
    text,
    positions,
    newest: undefined,
    get length() {
      return text.length;
    },
    truncate(to) {
      const { length } = text;
      text.truncate(to);
      if (to < length) state.newest = undefined;
      positions.truncate(to);
    },
    copy(length) {
      const copied = network.cache.copy(text, length);
      const twin = openState(network, states, copied, positions.copy(length));
      if (length === text.length) twin.newest = state.newest;
      return twin;
    },
    dispose: () => text.dispose(),
  };
  return states.add(state);
}

/** A text and the rows that it is to read. */
interface Waiting {
  readonly state: NetworkState;
  readonly rows: ReadRows;
  done: number;
}

/** Reads the rows of all jobs behind the committed ones, each row after the one before it. */
async function readAll(
  network: DraftNetwork,
  read: Target['read'],
  jobs: readonly DraftJob[],
  states: readonly NetworkState[],
): Promise<void> {
  const all = await Promise.all(
    jobs.map(async ({ rows }, at): Promise<Waiting> => {
      const state = states[at] as NetworkState;
      return { state, rows: await readDraftRows(rows, read), done: 0 };
    }),
  );
  for (;;) {
    const waiting = all.filter(({ rows, done }) => done < rows.next.length);
    if (waiting.length === 0) return;
    const counts = waiting.map(({ state, rows, done }) =>
      pieceRows(state.length, rows.next.length - done),
    );
    const [group = []] = evenGroups(counts);
    await readPieces(
      network,
      group.map((at) => ({ text: waiting[at] as Waiting, count: counts[at] as number })),
    );
  }
}

/** The next rows of some texts, in one pass. */
async function readPieces(
  network: DraftNetwork,
  pieces: readonly { readonly text: Waiting; readonly count: number }[],
): Promise<void> {
  const placed = pieces.map(({ text: { state, rows, done }, count }) => {
    const some = cutReadRows(rows, done, done + count);
    return { some, axes: state.positions.place(some) };
  });
  const lanes = placed.map(({ some, axes }, at): DraftLane => {
    const { state } = (pieces[at] as (typeof pieces)[number]).text;
    const n = some.next.length;
    const heads = Int32Array.of(n - 1);
    return { text: state.text, ...some, positions: axes, parents: consecutive(n, -1), heads };
  });
  const results = await network.run(lanes, MAX_TOP_K);
  for (const [at, { hidden, candidates, columns, first }] of results.entries()) {
    const { text, count } = pieces[at] as (typeof pieces)[number];
    text.state.text.append(columns, consecutive(count, first));
    text.state.positions.keep((placed[at] as (typeof placed)[number]).axes);
    text.state.newest = {
      hidden: hidden.data.slice((count - 1) * hidden.width),
      candidates,
    };
    text.done += count;
  }
}

/** The tree of a job, or how it grows. */
function growth(
  { grow: wanted }: DraftJob,
  { text, positions, newest }: NetworkState,
  vocabSize: number,
  grow: typeof growTree,
): DraftTree | GrowingTree | null {
  if (wanted === undefined) return null;
  const { root, shape } = wanted;
  if (root >= vocabSize || newest === undefined) return rootTree(root);
  const { topK } = shape;
  return {
    text,
    growth: grow(root, narrowed(newest.candidates, topK), shape),
    position: positions.next,
    newest: newest.hidden,
    topK,
  };
}

/** The first candidates of a single row. */
function narrowed({ tokens, logProbs, k }: Candidates, topK: number): Candidates {
  const kept = Math.min(k, topK);
  return {
    tokens: tokens.subarray(0, kept),
    logProbs: logProbs.subarray(0, kept),
    rows: 1,
    k: kept,
  };
}
