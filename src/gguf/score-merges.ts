/**
 * SentencePiece joins the neighbours whose union has the highest score; a GGUF file keeps only the scores. Hugging Face
 * wants a ranked list of merges: every cut of a piece into two pieces, ranked as its LlamaConverter does (transformers
 * 4.57, generate_merges): by the union's score, then by the halves' lengths, all descending, then in order of ids.
 */
import type { GgufToken } from './gguf-token.ts';

interface Merge {
  readonly pair: readonly [string, string];
  readonly score: number;
  /** Characters of the halves. */
  readonly lengths: readonly [number, number];
}

/** @param pieces in order of ids, `scores` by id */
export function mergesFromScores(
  pieces: readonly GgufToken[],
  scores: Float32Array,
): (readonly [string, string])[] {
  const idOf = new Map(pieces.map(({ text, id }) => [text, id]));
  const merges = pieces.flatMap(({ text, id }) => cuts(text, scores[id] ?? 0, idOf));
  merges.sort(
    (a, b) => b.score - a.score || b.lengths[0] - a.lengths[0] || b.lengths[1] - a.lengths[1],
  );
  return merges.map(({ pair }) => pair);
}

/** The cuts of a piece, in order of the halves' ids. */
function cuts(text: string, score: number, idOf: ReadonlyMap<string, number>): Merge[] {
  const found: (Merge & { ids: readonly [number, number] })[] = [];
  const characters = [...text];
  for (let at = 1; at < characters.length; at++) {
    const left = characters.slice(0, at).join('');
    const right = characters.slice(at).join('');
    const [leftId, rightId] = [idOf.get(left), idOf.get(right)];
    if (leftId === undefined || rightId === undefined) continue;
    const lengths = [at, characters.length - at] as const;
    found.push({ pair: [left, right], score, lengths, ids: [leftId, rightId] });
  }
  return found.sort((a, b) => a.ids[0] - b.ids[0] || a.ids[1] - b.ids[1]);
}
