import type { MarkedText } from '../marked-text.ts';

/**
 * The `count` tokens that replies use most, ascending; of equally frequent ones those with lower ids. A draft that may
 * guess only these computes only their rows of the target's head.
 */
export function headTokens(
  dialogues: Iterable<Pick<MarkedText, 'ids' | 'reply'>>,
  count: number,
  vocabSize: number,
): number[] {
  const uses = new Float64Array(vocabSize);
  for (const { ids, reply } of dialogues) {
    for (const [position, id] of ids.entries()) {
      if (reply[position] === 1 && id < vocabSize) uses[id] = (uses[id] as number) + 1;
    }
  }
  const byUse = Array.from(uses.keys()).sort(
    (a, b) => (uses[b] as number) - (uses[a] as number) || a - b,
  );
  return byUse.slice(0, count).sort((a, b) => a - b);
}
