import { uniform } from '../../../src/decode/uniform.ts';
import { familyPrompts } from '../family-prompts.ts';
import { familyWays } from '../family-ways.ts';
import { FAMILY_NAMES, type FamilyName, type Lab } from '../lab.ts';
import { type Line, least } from '../line.ts';
import { createLosslessTally, mean } from '../lossless-tally.ts';
import { SAMPLINGS } from './sampling.ts';

/** Every family's texts by every drafter that it can have, each prompt greedily and once sampled, beside plain ones. */
export async function familyTexts(lab: Lab): Promise<Line[]> {
  const lines: Line[] = [];
  const told: number[] = [];
  let draws = 0;
  const random = () => uniform(2505, draws++);
  for (const name of FAMILY_NAMES) {
    const [oracle, ...others] = await talliesOf(lab, name, random);
    told.push(...oracle.tally.accepted);
    for (const { way, tally } of [oracle, ...others]) {
      lines.push({
        what: `${name} with ${way.name}, greedy and sampled`,
        against: 'own plain decoding',
        ...tally.figures(),
      });
    }
  }
  return [
    ...lines,
    {
      what: 'mean accepted of the oracle, all families',
      against: 'its own knowledge',
      bound: least(3),
      unit: 'passes',
      worst: mean(told),
      count: told.length,
    },
  ];
}

async function talliesOf(lab: Lab, name: FamilyName, random: () => number) {
  const [oracle, ...others] = await familyWays(lab, name, random);
  const tallied = (way: typeof oracle) => ({ way, tally: createLosslessTally() });
  const tallies = [tallied(oracle), ...others.map(tallied)] as const;
  const limits = { maxTokens: lab.quick ? 24 : 64, ignoreEos: true };
  const samplings = Object.values(SAMPLINGS);
  const prompts = await familyPrompts(name, lab.quick ? 4 : 50);
  for (const [index, { name: prompt, messages }] of prompts.entries()) {
    for (const sampling of [{}, samplings[index % samplings.length]]) {
      const options = { messages, ...sampling, seed: index, ...limits };
      const plain = await oracle.open.generate({ ...options, drafter: 'none' });
      for (const { way, tally } of tallies) {
        const drafted = await way.answer(options, plain);
        tally.compare(prompt, plain, drafted);
      }
    }
  }
  return tallies;
}
