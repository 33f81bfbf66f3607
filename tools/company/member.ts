import type {
  DraftJob,
  DraftRows,
  DraftState,
  DraftTree,
  TreeShape,
} from '../../src/contracts/drafter.ts';
import type { Forward, Sequence, Step } from '../../src/contracts/target.ts';
import { cutDraftRows } from '../../src/engine/answer/cut-draft-rows.ts';
import { consecutive } from '../../src/model/consecutive.ts';
import { pieceRows } from '../../src/model/lane-groups.ts';
import { digestOf, rowDigest } from './digest.ts';
import type { Findings } from './findings.ts';
import type { Network } from './network.ts';
import { draftRowsOf, type PlainText } from './plain-text.ts';
import { chainStep, treeRows } from './text.ts';

/** `count` of the first `total` numbers, in order. */
function pick(total: number, count: number, below: (n: number) => number): number[] {
  const left = Array.from({ length: total }, (_, i) => i);
  while (left.length > count) left.splice(below(left.length), 1);
  return left;
}

/** A text on its way through passes, which checks every row that comes back. */
export interface Member {
  readonly plain: PlainText;
  readonly sequence: Sequence;
  /** Rows that are to be read; the last of a text announces nothing, so it is never committed. */
  readonly left: number;
  /** The next chunk, token or tree. */
  next(): Asked;
  /** Compares what a pass gave, its rows from `first` on, with the plain text, and commits some of it. */
  take(asked: Asked, forward: Forward, first: number): Promise<void>;
  /** What the draft has to read, and a tree behind it. */
  draftJob(): { readonly job: DraftJob; readonly rows: number };
  /** Compares a tree with that of a draft that read the same rows cold. */
  takeTree(tree: DraftTree, shape: TreeShape, rows: number): Promise<void>;
  /** Forgets all rows from `length` on. */
  cut(length: number): void;
  /** Goes on as another text, from what both share. */
  become(plain: PlainText): Member;
  dispose(): void;
}

export interface Asked {
  readonly step: Step;
  /** Where each row stands in the text; -1 for a stranger. */
  readonly places: Int32Array;
  readonly what: string;
}

/** Trees whose levels' columns fit behind a block. */
export const SHAPES: readonly TreeShape[] = [
  { total: 8, depth: 5, topK: 2 },
  { total: 16, depth: 4, topK: 4 },
  { total: 59, depth: 5, topK: 10 },
];
const MOST_NODES = 59;
const MOST_CHUNK = 512;

interface State {
  readonly sequence: Sequence;
  readonly draft: DraftState;
  unread: readonly DraftRows[];
  /** Whether the draft was cut since it last read a row: it then grows nothing. */
  cut: boolean;
}

export function openMember(
  { model, drafter, columns }: Network,
  plain: PlainText,
  below: (n: number) => number,
  findings: Findings,
): Member {
  const state = { sequence: model.target.open(), draft: drafter.open(), unread: [], cut: false };
  return memberOf({ model, columns }, plain, below, findings, state);
}

function memberOf(
  network: Pick<Network, 'model' | 'columns'>,
  plain: PlainText,
  below: (n: number) => number,
  findings: Findings,
  state: State,
): Member {
  const { model, columns } = network;
  const { sequence, draft } = state;
  const { text } = plain;
  const last = text.ids.length - 1;
  const left = () => last - sequence.length;

  const chunk = (): Asked => {
    const from = sequence.length;
    const most = Math.max(1, Math.floor(MOST_CHUNK ** (below(1000) / 999)));
    const count = pieceRows(from, left(), most);
    const heads = Int32Array.of(below(count), count - 1);
    const step = chainStep(sequence, text, from + count, heads, 'logits');
    return { step, places: consecutive(count, from), what: `a chunk of ${count}` };
  };
  const tree = (): Asked => {
    const from = sequence.length;
    const total = 1 + below(MOST_NODES);
    const right = 1 + below(Math.min(total, left(), 12));
    const tokens = new Int32Array(total);
    const parents = new Int32Array(total);
    const places = new Int32Array(total).fill(-1);
    // The text's own words stand on one path, at random places among strangers.
    const own = pick(total, right, below);
    let deepest = -1;
    for (let node = 0; node < total; node += 1) {
      const depth = own.indexOf(node);
      if (depth >= 0) {
        tokens[node] = text.ids[from + depth] as number;
        parents[node] = deepest;
        places[node] = from + depth;
        deepest = node;
        continue;
      }
      // Half of the strangers are the text's words at wrong places.
      tokens[node] = below(2)
        ? below(model.info.vocabSize)
        : (text.ids[from + below(right)] as number);
      parents[node] = below(node + 1) - 1;
    }
    const step = treeRows(sequence, tokens, parents, below(4) === 0 ? 'best' : 'logits');
    return { step, places, what: `a tree of ${total}` };
  };

  const cut = (length: number) => {
    sequence.truncate(length);
    state.unread = cutDraftRows(state.unread, Math.max(0, length - draft.length));
    if (draft.length <= length) return;
    draft.truncate(length);
    state.cut = true;
  };
  return {
    plain,
    sequence,
    get left() {
      return left();
    },
    next: () => (sequence.length >= text.promptRows && below(8) > 0 ? tree() : chunk()),
    async take({ step, places, what }, forward, first) {
      const { rows, logits, fault } = forward;
      if (fault !== undefined) throw fault;
      const features = await model.target.read(rows);
      for (const [row, place] of places.entries()) {
        if (place < 0) continue;
        const digest = rowDigest(features, row, columns.of(first + row));
        findings.row(digest === plain.rows[place], `row ${place} in ${what}`);
      }
      for (const [at, row] of step.heads.entries()) {
        const place = places[row] as number;
        if (place < 0 || logits === undefined) continue;
        const same = digestOf(logits, at) === plain.logits[place];
        findings.logits(same, `logits of row ${place} in ${what}`);
      }
      const from = sequence.length;
      const path = [...places.keys()].filter((row) => (places[row] as number) >= from);
      const kept = Int32Array.from(
        path.slice(0, below(4) > 0 ? path.length : 1 + below(path.length)),
      );
      sequence.commit(forward, kept);
      state.unread = [...state.unread, draftRowsOf(text, from, rows, kept)];
    },
    draftJob() {
      const rows = sequence.length;
      const shape = SHAPES[below(SHAPES.length)] as TreeShape;
      const grow = { root: text.ids[rows] as number, shape };
      const read =
        below(4) > 0 ? state.unread : state.unread.slice(0, below(state.unread.length + 1));
      const all = read.length === state.unread.length;
      if (read.length > 0) state.cut = false;
      state.unread = state.unread.slice(read.length);
      return {
        job: { state: draft, rows: read, ...(all && !state.cut && rows > 0 && { grow }) },
        rows,
      };
    },
    async takeTree(tree, shape, rows) {
      const cold = await plain.tree(rows, shape);
      const same =
        tree.tokens.join() === cold.tokens.join() && tree.parents.join() === cold.parents.join();
      findings.tree(same, `the tree ${Object.values(shape)} behind row ${rows}`);
    },
    cut,
    become(other) {
      const shared = text.ids.findIndex((id, place) => id !== other.text.ids[place]);
      // The last shared row is read again: the draft pairs it with the token that follows.
      const most = Math.max(0, (shared < 0 ? last : shared) - 1);
      if (most < sequence.length) cut(most);
      return memberOf(network, other, below, findings, state);
    },
    dispose() {
      sequence.dispose();
      draft.dispose();
    },
  };
}
