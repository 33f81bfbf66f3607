import type {
  Drafter,
  DraftJob,
  DraftState,
  DraftTree,
  TreeShape,
} from '../../contracts/drafter.ts';
import type { Sampling } from '../../contracts/generate.ts';
import type { Target } from '../../contracts/target.ts';
import { referenceLaw } from './reference-law.ts';
import { toyDrafter } from './toy-drafter.ts';
import { toyLanguage } from './toy-language.ts';

/**
 * A toy language whose law of three tokens after a prompt is known exactly, and a draft for it that is right often, and
 * wrong often. A round drafts up to two levels, so that walks end at a leaf, at a miss and at once.
 */
export type Warpers = Omit<Sampling, 'seed'>;

const VOCAB = 6;
export const PROMPT = [1, 4];
export const SHAPE: TreeShape = { total: 6, depth: 1, topK: 3 };
export const language = toyLanguage(VOCAB, 3, 2505, 4);
const stranger = toyLanguage(VOCAB, 3, 14260, 3);

/** The draft; its trees are kept by what was read, since they are the same for every draw. */
export function knownTrees(read: Target['read']): Drafter {
  const drafter = toyDrafter(
    (context) => {
      const noise = stranger.logits(context);
      return language.logits(context).map((logit, id) => logit + (noise[id] as number));
    },
    VOCAB,
    read,
  );
  const trees = new Map<string, DraftTree>();
  const texts = new WeakMap<DraftState, number[]>();
  const runOne = async ({ state, rows, grow }: DraftJob): Promise<DraftTree | null> => {
    const text = texts.get(state) ?? [];
    texts.set(state, text);
    for (const { next } of rows) text.push(...next);
    const key = `${text} ${grow?.shape.depth}`;
    const known = trees.get(key);
    const wanted = known === undefined ? grow : undefined;
    const [grown] = await drafter.run([{ state, rows, ...(wanted && { grow: wanted }) }]);
    if (grown) trees.set(key, grown);
    return known ?? grown ?? null;
  };
  return { ...drafter, run: (jobs) => Promise.all(jobs.map(runOne)) };
}

/** Law of the token after a context [V]. */
export function lawAfter(context: readonly number[], warpers: Warpers): number[] {
  return referenceLaw([...language.logits(context)], warpers);
}

/** Probability of each text of three tokens, numbered in base V. */
export function exactLaw(warpers: Warpers): number[] {
  const law: number[] = [];
  const a = lawAfter(PROMPT, warpers);
  for (let x = 0; x < VOCAB; x += 1) {
    const b = lawAfter([...PROMPT, x], warpers);
    for (let y = 0; y < VOCAB; y += 1) {
      const c = lawAfter([...PROMPT, x, y], warpers);
      for (const pz of c) law.push((a[x] as number) * (b[y] as number) * pz);
    }
  }
  return law;
}

/** How often each text of three tokens was drawn. */
export async function countTexts(
  draws: number,
  draw: (i: number) => Promise<readonly number[]>,
): Promise<number[]> {
  const counts = new Array<number>(VOCAB ** 3).fill(0);
  for (let i = 0; i < draws; i += 1) {
    const number = (await draw(i)).slice(0, 3).reduce((n, id) => n * VOCAB + id, 0);
    counts[number] = (counts[number] as number) + 1;
  }
  return counts;
}
