import type { Drafter, DraftJob, DraftState, DraftTree } from '../../contracts/drafter.ts';
import type { Target } from '../../contracts/target.ts';
import { type Candidates, growTree } from '../grow-tree.ts';

/** A toy draft's logits after a context; -Infinity masks a token. */
export type Guess = (context: readonly number[]) => Float32Array; // [V]

interface ToyState extends DraftState {
  readonly read: number[];
  announced: number | null;
}

/**
 * A drafter that grows the dynamic tree from any guess. It reads the toy target's features, which are the tokens
 * themselves, and refuses rows that are out of step with what it has read.
 *
 * @param topK candidates that a row gives
 */
export function toyDrafter(guess: Guess, topK: number, readFeatures: Target['read']): Drafter {
  const states = new WeakMap<DraftState, ToyState>();
  const runOne = async ({ state, rows, grow }: DraftJob): Promise<DraftTree | null> => {
    const text = states.get(state) as ToyState;
    for (const { next, from, at } of rows) {
      const features = await readFeatures(from, at);
      next.forEach((token, row) => {
        const current = features.data[row] as number;
        if (text.announced !== null && text.announced !== current) {
          throw new Error('rows out of step');
        }
        text.read.push(current);
        text.announced = token;
      });
    }
    if (grow === undefined) return null;
    const { root, shape } = grow;
    if (root !== text.announced) throw new Error('the root was not announced');
    let paths: number[][] = [[...text.read, root]];
    const growth = growTree(root, candidates(paths, guess, topK), shape);
    let level = growth.next();
    while (!level.done) {
      const previous = paths;
      const { tokens, parents } = level.value;
      paths = [...tokens].map((token, row) => [
        ...(previous[Math.max(0, parents[row] as number)] as number[]),
        token,
      ]);
      level = growth.next(candidates(paths, guess, topK));
    }
    return level.value;
  };
  return {
    name: 'msd',
    drafts: true,
    isNetwork: true,
    open: () => openState((state) => states.set(state, state)),
    async run(jobs) {
      const trees: (DraftTree | null)[] = [];
      for (const job of jobs) trees.push(await runOne(job));
      return trees;
    },
  };
}

function openState(
  add: (state: ToyState) => void,
  read: number[] = [],
  announced: number | null = null,
): ToyState {
  const state: ToyState = {
    read,
    announced,
    get length() {
      return read.length;
    },
    truncate(length) {
      state.announced = read[length] ?? state.announced;
      read.length = Math.min(length, read.length);
    },
    copy: (length) => openState(add, read.slice(0, length), read[length] ?? state.announced),
    dispose() {},
  };
  add(state);
  return state;
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
