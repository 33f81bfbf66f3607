import type { GenerateOptions, Sampling } from '../../../src/contracts/generate.ts';
import type { Lab } from '../lab.ts';
import type { Line } from '../line.ts';
import { createLosslessTally } from '../lossless-tally.ts';
import { drawnPrompts, validationPrompts } from '../prompts.ts';
import { GUESSING, TREES } from './lossless.ts';

export const SAMPLINGS: Readonly<Record<string, Partial<Sampling>>> = {
  'T 0.7': { temperature: 0.7 },
  'T 1': { temperature: 1 },
  'T 1, top-p 0.9': { temperature: 1, topP: 0.9 },
  'T 1, min-p 0.05': { temperature: 1, minP: 0.05 },
  'T 2, top-k 20, top-p 0.95': { temperature: 2, topK: 20, topP: 0.95 },
};
const MAX_TOKENS = 64;

/** Sampled texts at the same seed, plain and drafted; drafters and trees take turns over the prompts. */
export async function losslessSampling(lab: Lab): Promise<Line[]> {
  const open = await lab.open('tiny');
  const prompts = [
    ...validationPrompts(lab.quick ? 6 : 80),
    ...(await drawnPrompts(lab.quick ? 6 : 60)),
  ];
  const lines: Line[] = [];
  for (const [label, sampling] of Object.entries(SAMPLINGS)) {
    const tally = createLosslessTally();
    for (const [index, { name, messages }] of prompts.entries()) {
      const options: GenerateOptions = {
        ...sampling,
        messages,
        maxTokens: MAX_TOKENS,
        seed: index,
      };
      const drafter = GUESSING[index % GUESSING.length] as string;
      const tree = TREES[Math.floor(index / GUESSING.length) % TREES.length] ?? 'auto';
      const plain = await open.generate({ ...options, drafter: 'none' });
      const drafted = await open.generate({ ...options, drafter, tree });
      tally.compare(name, plain, drafted);
    }
    lines.push({
      what: `sampled text, ${label}`,
      against: 'own plain decoding, same seed',
      ...tally.figures(),
    });
  }
  return lines;
}
