import type { Drafter, DraftTree, OwnDrafterContext, TreeShape } from '../contracts/drafter.ts';
import { DrafterUnavailableError } from '../contracts/errors.ts';
import type { GenerateResult } from '../contracts/generate.ts';
import { rootTree } from '../decode/tree-shape.ts';
import type { Script } from './paired-runs.ts';

/** What requests ask for it by. */
export const SYNTHETIC = 'synthetic';

/** Plain's text of the request that is answered. */
interface Known extends Pick<GenerateResult, 'promptTokens' | 'ids'> {}

export interface SyntheticDraft {
  readonly script: Script;
  readonly create: (context: OwnDrafterContext) => Promise<Drafter>;
}

/**
 * A draft that is paid for like a real one and guesses as well as it is told: the loaded draft is called for its time and
 * what it proposes is thrown away; proposed is plain's own text, each token right with its depth's probability, its
 * parent being right. So a profile that was published for a model prices a target whose draft is not at hand.
 *
 * @param acceptance of each depth, its parent kept: 0 to 1
 * @param random uniform in [0, 1)
 */
export function syntheticDraft(
  acceptance: readonly number[],
  random: () => number,
): SyntheticDraft {
  const texts = new Map<number, Known>();
  let known: Known | undefined;
  const script: Script = {
    learn: (prompt, { promptTokens, ids }) => void texts.set(prompt, { promptTokens, ids }),
    follow(prompt) {
      known = texts.get(prompt);
    },
  };
  const create = async ({ open, target, imageTokenId }: OwnDrafterContext): Promise<Drafter> => {
    const real = await open('auto');
    if (!real.isNetwork) {
      throw new DrafterUnavailableError(SYNTHETIC, 'no draft is loaded whose time it could take.', {
        remedy: { kind: 'use-option', option: 'draft', to: 'give a folder' },
      });
    }
    const others = { vocabSize: target.vocabSize, never: imageTokenId };
    return {
      ...real,
      name: SYNTHETIC,
      async run(jobs) {
        await real.run(jobs);
        return jobs.map(({ state, grow }) => {
          if (grow === undefined) return null;
          // The draft has read a row for each token before the root's successor, the prompt's first left out.
          const at = state.length - (known?.promptTokens ?? 0);
          if (known?.ids[at] !== grow.root) return rootTree(grow.root);
          const right = known.ids.slice(at + 1);
          return syntheticTree(grow.root, right, grow.shape, { acceptance, random, others });
        });
      },
    };
  };
  return { script, create };
}

interface Guessing {
  readonly acceptance: readonly number[];
  readonly random: () => number;
  readonly others: OtherTokens;
}

/** A path of the right tokens, each spoiled by chance; where the shape is wider, wrong ones beside it fill its rows. */
function syntheticTree(
  root: number,
  right: readonly number[],
  { total, depth, topK }: TreeShape,
  { acceptance, random, others }: Guessing,
): DraftTree {
  const tokens = [root];
  const parents = [-1];
  const depths = [0];
  const scores = [0];
  const add = (token: number, parent: number, chance: number) => {
    tokens.push(token);
    parents.push(parent);
    depths.push((depths[parent] as number) + 1);
    scores.push((scores[parent] as number) + Math.log(chance));
  };
  const levels = Math.min(acceptance.length, depth + 1, total - 1);
  for (let level = 0; level < levels; level++) {
    const chance = acceptance[level] as number;
    const truth = right[level] ?? root; // behind the end any token is as wrong
    add(random() < chance ? truth : otherThan(truth, 1, others), level, Math.max(chance, UNLIKELY));
  }
  for (let beside = 1; beside < topK; beside++) {
    for (let parent = 0; parent < levels && tokens.length < total; parent++) {
      add(otherThan(right[parent] ?? root, beside + 1, others), parent, UNLIKELY);
    }
  }
  return {
    tokens: Int32Array.from(tokens),
    parents: Int32Array.from(parents),
    depths: Int32Array.from(depths),
    scores: Float32Array.from(scores),
  };
}

/** What the draft holds of a token that only fills a row. */
const UNLIKELY = 1e-6;

interface OtherTokens {
  readonly vocabSize: number;
  /** The placeholder of pictures. */
  readonly never: number | undefined;
}

/** The `count`-th token after one, in the order of ids, around the end. */
function otherThan(token: number, count: number, { vocabSize, never }: OtherTokens): number {
  let other = token;
  for (let left = count; left > 0; left--) {
    other = (other + 1) % vocabSize;
    if (other === never) other = (other + 1) % vocabSize;
  }
  return other;
}
