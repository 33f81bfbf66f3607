import { median } from '../../../src/evaluate/spread.ts';
import type { Lab } from '../lab.ts';
import { type Line, most } from '../line.ts';
import { drawnPrompts } from '../prompts.ts';

const TREE = { total: 59, depth: 5, topK: 10 };
const WARM_UP = 4;

/** What a round of the paper's tree takes outside the sessions. */
export async function hostTime(lab: Lab): Promise<Line[]> {
  const open = await lab.open('tiny');
  const prompts = await drawnPrompts(WARM_UP + 12);
  const times: number[] = [];
  for (const [index, { messages }] of prompts.entries()) {
    const options = { messages, drafter: 'msd', tree: TREE, ignoreEos: true } as const;
    const { rounds } = await open.generate({ ...options, maxTokens: 96 });
    if (index >= WARM_UP) times.push(...rounds.map(({ hostMs }) => hostMs));
  }
  return [
    {
      what: 'host time a round, tree of 59, median ms',
      against: 'clock outside the sessions',
      bound: most(1),
      worst: median(times),
      count: times.length,
      unit: 'rounds',
    },
  ];
}
