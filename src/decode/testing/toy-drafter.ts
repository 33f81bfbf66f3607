import type { Drafter, DraftTree } from '../../contracts/drafter.ts';
import { type Candidates, growTree } from '../grow-tree.ts';

/** A toy draft's logits after a context; -Infinity masks a token. */
export type Guess = (context: readonly number[]) => Float32Array; // [V]

/**
 * A drafter that grows the dynamic tree from any guess. It reads the toy target's features, which are the tokens
 * themselves, and refuses rows that are out of step with what it has read.
 *
 * @param topK candidates that a row gives
 */
export function toyDrafter(guess: Guess, topK: number): Drafter {
  return {
    name: 'msd',
    open() {
      const read: number[] = [];
      let announced: number | null = null;
      return {
        get length() {
          return read.length;
        },
        async extend({ next, features }) {
          next.forEach((token, row) => {
            const current = features.data[row] as number;
            if (announced !== null && announced !== current) throw new Error('rows out of step');
            read.push(current);
            announced = token;
          });
        },
        async propose(root, shape): Promise<DraftTree> {
          if (root !== announced) throw new Error('the root was not announced');
          let paths: number[][] = [[...read, root]];
          const first = candidates(paths, guess, topK);
          return growTree(
            root,
            first,
            async ({ tokens, parents }) => {
              const previous = paths;
              paths = [...tokens].map((token, row) => [
                ...(previous[Math.max(0, parents[row] as number)] as number[]),
                token,
              ]);
              return candidates(paths, guess, topK);
            },
            shape,
          );
        },
        truncate(length) {
          announced = read[length] ?? announced;
          read.length = Math.min(length, read.length);
        },
        dispose() {},
      };
    },
  };
}

/** The k best tokens of each context by guess, with log-probabilities. */
function candidates(contexts: readonly number[][], guess: Guess, k: number): Candidates {
  const tokens: number[] = [];
  const logProbs: number[] = [];
  for (const context of contexts) {
    const logits = guess(context);
    const norm = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
    const order = [...logits.keys()].sort(
      (a, b) => (logits[b] as number) - (logits[a] as number) || a - b,
    );
    for (const id of order.slice(0, k)) {
      tokens.push(id);
      const logit = logits[id] as number;
      logProbs.push(logit === -Infinity ? logit : logit - norm);
    }
  }
  return {
    tokens: Int32Array.from(tokens),
    logProbs: Float32Array.from(logProbs),
    rows: contexts.length,
    k: Math.min(k, tokens.length / contexts.length),
  };
}
