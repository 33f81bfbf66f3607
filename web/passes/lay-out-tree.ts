/**
 * Places for the nodes of a pass: depth goes right, and every first child stays in its parent's row, so that a path reads
 * as a line. What was kept leads, in the top row, up to the target's own token.
 */
import type { Pass } from '../answer/answer.ts';
import { depthsOf } from '../answer/figures.ts';
import type { Guesser } from '../answer/guesser.ts';
import { visibleToken } from './visible-token.ts';

export interface PlacedNode {
  readonly label: string;
  readonly by: Guesser | null;
  readonly isKept: boolean;
  /** Its place among the nodes; null at the root. */
  readonly parent: number | null;
  readonly depth: number;
  readonly row: number;
  /** Of its box; pixels. */
  readonly x: number;
  readonly width: number;
}

export interface TreeLayout {
  readonly nodes: readonly PlacedNode[];
  readonly width: number;
  readonly rows: number;
}

/** Pixels: of a letter, around a label, and between two columns. */
const LETTER = 7.25;
const PADDING = 16;
const GAP = 20;

interface Grown {
  readonly label: string;
  readonly by: Guesser | null;
  readonly isKept: boolean;
  readonly parent: number;
}

export function layOutTree({ tree, words }: Pick<Pass, 'tree' | 'words'>): TreeLayout {
  const nodes = withOwnToken(tree, words);
  const children = nodes.map((_, at) =>
    nodes.flatMap(({ parent }, child) => (parent === at ? child : [])).sort(keptFirst(nodes)),
  );
  const depths = depthsOf({ nodes });
  const widths: number[] = [];
  for (const [at, { label }] of nodes.entries()) {
    const depth = depths[at] ?? 0;
    widths[depth] = Math.max(widths[depth] ?? 0, widthOf(label));
  }
  const starts = widths.map((_, depth) =>
    widths.slice(0, depth).reduce((sum, width) => sum + width + GAP, 0),
  );
  const rows = Array<number>(nodes.length).fill(0);
  let nextRow = 0;
  const place = (at: number) => {
    rows[at] = nextRow;
    for (const [order, child] of (children[at] ?? []).entries()) {
      if (order > 0) nextRow += 1;
      place(child);
    }
  };
  if (nodes.length > 0) place(0);
  return {
    nodes: nodes.map(({ label, by, isKept, parent }, at) => {
      const depth = depths[at] ?? 0;
      return {
        ...{ label, by, isKept, depth, row: rows[at] ?? 0, x: starts[depth] ?? 0 },
        ...{ parent: parent < 0 ? null : parent, width: widthOf(label) },
      };
    }),
    width: widths.reduce((sum, width) => sum + width + GAP, -GAP),
    rows: nextRow + 1,
  };
}

const widthOf = (label: string): number => Math.ceil([...label].length * LETTER + PADDING);

const keptFirst = (nodes: readonly Grown[]) => (a: number, b: number) =>
  Number(nodes[b]?.isKept) - Number(nodes[a]?.isKept) || a - b;

/** A tree's nodes, and behind the last that was kept what the target wrote itself. */
function withOwnToken(tree: Pass['tree'], words: Pass['words']): Grown[] {
  if (tree === null) return [];
  const kept = new Set(tree.kept);
  const guessed = tree.nodes.map(({ token, by, parent }, at) => ({
    ...{ label: visibleToken(token), by, parent, isKept: kept.has(at) },
  }));
  const own = words.at(-1);
  if (own?.by !== 'target') return guessed;
  const parent = tree.kept.at(-1) ?? 0;

  return [...guessed, { label: visibleToken(own.text), by: 'target', parent, isKept: true }];
}
