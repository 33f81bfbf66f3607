import type { Drafter, DraftJob, DraftState, DraftTree } from '../contracts/drafter.ts';
import type { AxisPositions } from '../contracts/messages.ts';
import type { Target } from '../contracts/target.ts';
import { bestFirstTree } from '../decode/best-first.ts';
import { onAllAxes } from '../decode/draft-rows.ts';
import { rootTree } from '../decode/tree-shape.ts';
import { BLOCK } from '../graph/blocks/block-attention.ts';
import type { CachedText } from '../model/block-cache.ts';
import { consecutive } from '../model/consecutive.ts';
import { MOST_ROWS } from '../model/lane-groups.ts';
import {
  createTextPositions,
  highestPositions,
  type TextPositions,
} from '../model/text-positions.ts';
import { buildBlockDraft } from './block-graph.ts';
import {
  type BlockDraftNetwork,
  type BlockLane,
  createBlockDraftNetwork,
} from './block-network.ts';
import type { DraftOf, OpenSession } from './built-in-drafter.ts';
import { createDraftStates, type DraftStates } from './draft-states.ts';
import { cutReadRows, type ReadRows, readDraftRows } from './read-draft-rows.ts';

/** A text in the draft: a context row for every committed row of the target. */
interface BlockState extends DraftState {
  readonly text: CachedText;
  readonly positions: TextPositions;
}

/** A text and the rows that it is to read. */
interface Waiting {
  readonly state: BlockState;
  readonly rows: ReadRows | null;
  readonly grow: DraftJob['grow'];
  done: number;
}

/** A trained block draft, its network opened. */
export async function openBlockDrafter(
  name: string,
  { target }: { readonly target: Pick<Target, 'read'> },
  { config, tensors, embedding, head }: DraftOf<'block'>,
  openSession: OpenSession,
): Promise<Drafter> {
  const session = await openSession(buildBlockDraft(config, tensors, { embedding, head }));
  return createBlockDrafter(name, createBlockDraftNetwork(session, config), target.read);
}

/**
 * A block draft as a drafter: one call reads what is new and guesses all slots behind a root, from which the tree grows
 * without another. A root that the target's table lacks, and one with nothing before it, gets a tree of the root alone.
 *
 * @param read features of the target's rows
 */
export function createBlockDrafter(
  name: string,
  network: BlockDraftNetwork,
  read: Target['read'],
): Drafter {
  const states = createDraftStates<BlockState>();
  return {
    name,
    drafts: true,
    isNetwork: true,
    calls: 'round',
    open: () => openState(network, states),
    run: (jobs) =>
      states.wholly(jobs, async () => {
        const all = await Promise.all(
          jobs.map(async (job): Promise<Waiting> => {
            const pieces = job.rows.filter(({ next }) => next.length > 0);
            const rows = pieces.length > 0 ? await readDraftRows(pieces, read) : null;
            return { state: states.of(job), rows, grow: job.grow, done: 0 };
          }),
        );
        return growAll(network, all);
      }),
  };
}

function openState(
  network: BlockDraftNetwork,
  states: DraftStates<BlockState>,
  text = network.cache.open(),
  positions = createTextPositions(),
): BlockState {
  return states.add({
    text,
    positions,
    get length() {
      return text.length;
    },
    truncate(to) {
      text.truncate(to);
      positions.truncate(to);
    },
    copy: (length) =>
      openState(network, states, network.cache.copy(text, length), positions.copy(length)),
    dispose: () => text.dispose(),
  });
}

const left = ({ rows, done }: Waiting): number => (rows?.next.length ?? 0) - done;

/** Reads what is new of all texts and grows the trees that are wanted, nearly always in one pass. */
async function growAll(
  network: BlockDraftNetwork,
  all: readonly Waiting[],
): Promise<(DraftTree | null)[]> {
  const { vocabSize } = network.config;
  const growing = all.filter((text) => {
    const { state, grow } = text;
    if (grow === undefined || grow.root >= vocabSize || grow.shape.total < 2) return false;
    return state.length + left(text) > 0;
  });
  /** Rows that are read before the pass that guesses. */
  const early = (text: Waiting) =>
    growing.includes(text) ? Math.max(0, left(text) - BLOCK) : left(text);
  for (;;) {
    const pieces = withinPass(all, early);
    if (pieces.length === 0) break;
    await runPass(network, pieces, false);
  }
  const last = growing.map((text) => ({ text, count: left(text) }));
  const guesses = last.length > 0 ? await runPass(network, last, true) : [];
  return all.map((text) => {
    if (text.grow === undefined) return null;
    const { root, shape } = text.grow;
    const guess = guesses[growing.indexOf(text)];
    return guess ? bestFirstTree(root, guess, shape) : rootTree(root);
  });
}

interface Piece {
  readonly text: Waiting;
  readonly count: number;
}

/** The next rows of some texts, at most as many as a pass takes. */
function withinPass(all: readonly Waiting[], wanted: (text: Waiting) => number): Piece[] {
  let room = MOST_ROWS;
  return all.flatMap((text) => {
    const count = Math.min(room, wanted(text));
    room -= count;
    return count > 0 ? [{ text, count }] : [];
  });
}

/** Reads the next rows of some texts, and guesses what follows them where that is wanted. */
async function runPass(network: BlockDraftNetwork, pieces: readonly Piece[], guessing: boolean) {
  const placed = pieces.map(({ text: { state, rows, grow, done }, count }) => {
    const some = rows && cutReadRows(rows, done, done + count);
    const axes = place(state.positions, some, count, network.config.mropeSection !== undefined);
    const position = Math.max(state.positions.next - 1, ...highestPositions(axes)) + 1;
    const lane: BlockLane = {
      text: state.text,
      features: some?.features ?? NOTHING,
      ...(some?.own.visual && { visual: some.own.visual }),
      positions: axes,
      ...(guessing && grow && { guess: { root: grow.root, position } }),
    };
    return { lane, axes };
  });
  const results = await network.run(placed.map(({ lane }) => lane));
  return results.map(({ guess, columns, first }, at) => {
    const { text, count } = pieces[at] as Piece;
    text.state.text.append(columns, consecutive(count, first));
    text.state.positions.append(highestPositions((placed[at] as (typeof placed)[number]).axes));
    text.done += count;
    return guess;
  });
}

const NOTHING = { data: new Float32Array(0), count: 0, width: 0 };

/** Where the target has the rows, if it turns by three axes and tells; one behind the other else. */
function place(
  { next }: TextPositions,
  rows: ReadRows | null,
  count: number,
  mrope: boolean,
): AxisPositions {
  return (mrope && rows?.own.positions) || onAllAxes(consecutive(count, next));
}
