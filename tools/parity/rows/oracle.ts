import type { Sampling } from '../../../src/contracts/generate.ts';
import { uniform } from '../../../src/decode/uniform.ts';
import { answerWith } from '../answer-with.ts';
import { answerWithOracle } from '../answer-with-oracle.ts';
import { tinyCases } from '../golden-cases.ts';
import type { Lab } from '../lab.ts';
import { type Line, least } from '../line.ts';
import { createLosslessTally, mean } from '../lossless-tally.ts';
import { drawnPrompts, type Prompt, validationPrompts } from '../prompts.ts';
import { SAMPLINGS } from './sampling.ts';

const TOKENS = 128;

/** Long greedy texts past the end token. */
export function losslessOracle(lab: Lab): Promise<Line[]> {
  return withOracle(lab, 'greedy', [{}]);
}

/** The same, sampled; settings take turns over the prompts. The random-weight target is unsure of every token. */
export function losslessOracleSampling(lab: Lab): Promise<Line[]> {
  return withOracle(lab, 'sampled', Object.values(SAMPLINGS));
}

/** Texts of the trained target and of a random-weight one, drafted by one who knows them. */
async function withOracle(
  lab: Lab,
  how: string,
  samplings: readonly Partial<Sampling>[],
): Promise<Line[]> {
  const lines: Line[] = [];
  const accepted: number[] = [];
  const prompts = await promptsOf(lab);
  let draws = 0;
  const random = () => uniform(2505, draws++);
  for (const name of ['tiny', 'untrained'] as const) {
    const open = await lab.open(name);
    const tally = createLosslessTally();
    for (const [index, { name: prompt, messages }] of prompts.entries()) {
      const sampling = { ...samplings[index % samplings.length], seed: index };
      const options = { messages, ...sampling, maxTokens: TOKENS, ignoreEos: true };
      const plain = await answerWith(open, { ...options, drafter: 'none' }, {});
      const drafted = await answerWithOracle(open, options, plain, random);
      tally.compare(prompt, plain, drafted);
    }
    accepted.push(...tally.accepted);
    lines.push({
      what: `${how} text with an oracle, ${name}, ${TOKENS} tokens`,
      against: how === 'greedy' ? 'own plain decoding' : 'own plain decoding, same seed',
      ...tally.figures(),
    });
  }
  return [
    ...lines,
    {
      what: 'mean accepted of the oracle, both targets',
      against: 'its own knowledge',
      bound: least(3),
      unit: 'passes',
      worst: mean(accepted),
      count: accepted.length,
    },
  ];
}

async function promptsOf({ quick }: Lab): Promise<Prompt[]> {
  const each = quick ? 2 : 12;
  const recorded = tinyCases().flatMap(({ name, messages }) =>
    messages === null ? [] : [{ name, messages }],
  );
  return [...recorded, ...validationPrompts(each), ...(await drawnPrompts(each))];
}
