import type { Drafter, DraftRows, DraftTree, TreeShape } from '../../src/contracts/drafter.ts';
import type { Forward, RowsRef } from '../../src/contracts/target.ts';
import { rootTree } from '../../src/decode/tree-shape.ts';
import { treeStep } from '../../src/decode/tree-step.ts';
import { visualRows } from '../../src/engine/answer/visual-rows.ts';
import { consecutive } from '../../src/model/consecutive.ts';
import { pieceRows } from '../../src/model/lane-groups.ts';
import { digestOf, rowDigest } from './digest.ts';
import type { Network } from './network.ts';
import { chainStep, positionsOf, type Text } from './text.ts';

/** What a text's rows are, read plainly and alone: the prompt as the engine does it, then a token a pass. */
export interface PlainText {
  readonly text: Text;
  /** Digest of each row's feature, keys and values. */
  readonly rows: readonly string[];
  /** Digest of each row's logits. */
  readonly logits: readonly string[];
  /** The tree that a draft grows behind the first `rows` rows, when it reads them at once. */
  tree(rows: number, shape: TreeShape): Promise<DraftTree>;
}

export async function readPlainly(
  { model: { target }, drafter, columns }: Pick<Network, 'model' | 'drafter' | 'columns'>,
  text: Text,
): Promise<PlainText> {
  const sequence = target.open();
  const rows: string[] = [];
  const logits: string[] = [];
  const pieces: DraftRows[] = [];
  while (sequence.length < text.ids.length) {
    const from = sequence.length;
    const left = text.promptRows - from;
    const count = left > 0 ? pieceRows(from, left) : 1;
    const step =
      left > 0
        ? chainStep(sequence, text, from + count, consecutive(count), 'logits')
        : treeStep(sequence, rootTree(text.ids[from] as number), sequence.nextPosition, 'logits');
    const [forward] = (await target.forward([step])) as [Forward];
    sequence.commit(forward, consecutive(count));
    const read = await target.read(forward.rows);
    for (let row = 0; row < count; row += 1) {
      rows.push(rowDigest(read, row, columns.of(row)));
      if (forward.logits !== undefined) logits.push(digestOf(forward.logits, row));
    }
    pieces.push(draftRowsOf(text, from, forward.rows, consecutive(count)));
  }
  sequence.dispose();
  const trees = new Map<string, Promise<DraftTree>>();
  return {
    text,
    rows,
    logits,
    tree(read, shape) {
      const key = JSON.stringify([read, shape]);
      const tree = trees.get(key) ?? coldTree(drafter, pieces, text, read, shape);
      trees.set(key, tree);
      return tree;
    },
  };
}

async function coldTree(
  drafter: Drafter,
  pieces: readonly DraftRows[],
  text: Text,
  rows: number,
  shape: TreeShape,
): Promise<DraftTree> {
  const state = drafter.open();
  const read: DraftRows[] = [];
  let from = 0;
  for (const { from: pass, at } of pieces) {
    const some = at.subarray(0, Math.max(0, rows - from));
    if (some.length > 0) read.push(draftRowsOf(text, from, pass, some));
    from += at.length;
  }
  const grow = { root: text.ids[rows] as number, shape };
  const [tree] = (await drafter.run([{ state, rows: read, grow }])) as [DraftTree];
  state.dispose();
  return tree;
}

/** What a draft reads at a text's rows from `from` on, whose features are those rows of a pass. */
export function draftRowsOf(text: Text, from: number, pass: RowsRef, at: Int32Array): DraftRows {
  const to = from + at.length;
  const visual = visualRows(text, from + 1, to + 1);
  return {
    next: Int32Array.from(at, (_, i) => text.ids[from + i + 1] ?? 0),
    from: pass,
    at,
    ...(visual && { visual }),
    positions: positionsOf(text, from + 1, to + 1),
  };
}
