import type { Sampling } from '../../contracts/generate.ts';

/**
 * The sampling law by the book, for tests: Hugging Face's warpers one after the other on a whole row of scores, each
 * masking with -Infinity, with full sorts.
 */
export function referenceLaw(
  logits: readonly number[],
  { temperature, topK, topP, minP }: Omit<Sampling, 'seed'>,
): number[] {
  let scores = logits.map((logit) => logit / temperature);
  if (topK > 0) {
    const kth = [...scores].sort((a, b) => b - a)[Math.min(topK, scores.length) - 1] as number;
    scores = scores.map((score) => (score < kth ? -Infinity : score));
  }
  if (topP < 1) {
    const law = softmax(scores);
    const ascending = [...scores.keys()].sort(
      (a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b,
    );
    let cumulative = 0;
    for (const id of ascending.slice(0, -1)) {
      cumulative += law[id] as number;
      if (cumulative <= 1 - topP) scores[id] = -Infinity;
    }
  }
  if (minP > 0) {
    const law = softmax(scores);
    const least = minP * Math.max(...law);
    scores = scores.map((score, id) => ((law[id] as number) < least ? -Infinity : score));
  }
  return softmax(scores);
}

export function softmax(scores: readonly number[]): number[] {
  const highest = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - highest));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}
