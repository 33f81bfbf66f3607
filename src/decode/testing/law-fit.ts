/** How well texts drawn by a verifier fit the exact law of the toy language: p of Pearson's χ². Draw i uses seed base + i. */
import type { DraftTree } from '../../contracts/drafter.ts';
import { uniform } from '../uniform.ts';
import { chiSquareP } from './chi-square.ts';
import { softmax } from './reference-law.ts';
import {
  countTexts,
  exactLaw,
  knownTrees,
  language,
  lawAfter,
  PROMPT,
  SHAPE,
  type Warpers,
} from './toy-law.ts';
import { toyRun } from './toy-run.ts';
import { toyTarget } from './toy-target.ts';

/** The product's rounds. */
export async function fitOfRounds(
  warpers: Warpers,
  base: number,
  draws: number,
): Promise<{ p: number; acceptedPerDraw: number }> {
  const target = toyTarget(language);
  const drafter = knownTrees(target.read);
  let accepted = 0;
  const counts = await countTexts(draws, async (i) => {
    const { ids, rounds } = await toyRun({
      target,
      drafter,
      prompt: PROMPT,
      tokens: 4,
      sampling: { ...warpers, seed: base + i },
      shape: () => SHAPE,
    });
    for (const round of rounds) accepted += round.accepted.tokens.length;
    return ids;
  });
  return { p: chiSquareP(counts, exactLaw(warpers)), acceptedPerDraw: accepted / draws };
}

/** How the rejection form of speculative sampling may be broken. */
export type Flaw = 'none' | 'bonus from raw logits' | 'residual not normalised';

/** Speculative sampling in its published form, done right or broken on purpose. */
export async function fitOfRejection(
  flaw: Flaw,
  warpers: Warpers,
  base: number,
  draws: number,
): Promise<number> {
  const drafter = knownTrees(async (_, tokens) => ofTokens(tokens as Int32Array));
  const trees = new Map<string, DraftTree>();
  const treeAfter = async (context: readonly number[]) => {
    const known = trees.get(context.join());
    if (known !== undefined) return known;
    const at = Int32Array.from(context.slice(0, -1)); // these rows are named by their tokens
    const next = Int32Array.from(context.slice(1));
    const rows = [{ next, from: { count: at.length }, at }];
    const grow = { root: context.at(-1) as number, shape: SHAPE };
    const [tree] = (await drafter.run([{ state: drafter.open(), rows, grow }])) as [DraftTree];
    trees.set(context.join(), tree);
    return tree;
  };
  const counts = await countTexts(draws, async (i) => {
    let drawn = 0;
    const random = () => uniform(base + i, drawn++);
    const ids = [inverse(lawAfter(PROMPT, warpers), random())];
    while (ids.length < 3) {
      const context = [...PROMPT, ...ids];
      ids.push(...rejectionRound(context, await treeAfter(context), warpers, random, flaw));
    }
    return ids;
  });
  return chiSquareP(counts, exactLaw(warpers));
}

/** Features of the toy language: the tokens. */
const ofTokens = (tokens: Int32Array) => ({
  data: Float32Array.from(tokens),
  count: tokens.length,
  width: 1,
});

/** Accept a child with the target's probability, else take its mass out and go on; draw what no child takes. */
function rejectionRound(
  context: readonly number[],
  tree: DraftTree,
  warpers: Warpers,
  random: () => number,
  flaw: Flaw,
): number[] {
  const tokens: number[] = [];
  for (let node = 0; ; ) {
    const text = [...context, ...tokens];
    const law = lawAfter(text, warpers);
    const children = [...tree.parents.keys()].filter((child) => tree.parents[child] === node);
    let rejected = false;
    const accepted = children.find((child) => {
      const token = tree.tokens[child] as number;
      if (random() < (law[token] as number)) return true;
      rejected = true;
      law[token] = 0;
      if (flaw !== 'residual not normalised') normalise(law);
      return false;
    });
    if (accepted === undefined) {
      const raw = flaw === 'bonus from raw logits' && !rejected;
      return [...tokens, inverse(raw ? softmax([...language.logits(text)]) : law, random())];
    }
    tokens.push(tree.tokens[accepted] as number);
    node = accepted;
  }
}

function normalise(law: number[]): void {
  const sum = law.reduce((a, b) => a + b, 0);
  for (const [id, mass] of law.entries()) law[id] = mass / sum;
}

function inverse(law: readonly number[], u: number): number {
  let mass = 0;
  for (const [id, p] of law.entries()) {
    mass += p;
    if (u < mass) return id;
  }
  return law.findLastIndex((p) => p > 0);
}
