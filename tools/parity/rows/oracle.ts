import type { Sampling } from '../../../src/contracts/generate.ts';
import { uniform } from '../../../src/decode/uniform.ts';
import { familyFixture, messagesOf } from '../../../src/engine/testing/family-fixture.ts';
import { answerWith } from '../answer-with.ts';
import { tinyCases } from '../golden-cases.ts';
import { FAMILY_NAMES, type FamilyName, type Lab, MODEL_NAMES, type ModelName } from '../lab.ts';
import { type Line, least, most } from '../line.ts';
import { createLosslessTally } from '../lossless-tally.ts';
import { createOracle } from '../oracle.ts';
import { prepareRequest } from '../prepare-request.ts';
import { drawnPrompts, type Prompt, validationPrompts } from '../prompts.ts';
import { SAMPLINGS } from './sampling.ts';

const TREE = { total: 32, depth: 7, topK: 8 };
const TOKENS = 128;

/** Long greedy texts past the end token. */
export function losslessOracle(lab: Lab): Promise<Line[]> {
  return withOracle(lab, 'greedy', [{}]);
}

/** The same, sampled; settings take turns over the prompts. The random-weight targets are unsure of every token. */
export function losslessOracleSampling(lab: Lab): Promise<Line[]> {
  return withOracle(lab, 'sampled', Object.values(SAMPLINGS));
}

/** Texts of the trained target and of random-weight ones, drafted by one who knows them. */
async function withOracle(
  lab: Lab,
  how: string,
  samplings: readonly Partial<Sampling>[],
): Promise<Line[]> {
  const lines: Line[] = [];
  const accepted: number[] = [];
  let draws = 0;
  const random = () => uniform(2505, draws++);
  for (const name of MODEL_NAMES) {
    const open = await lab.open(name);
    const tally = createLosslessTally();
    const prompts = await promptsFor(lab, name);
    for (const [index, { name: prompt, messages }] of prompts.entries()) {
      const sampling = { ...samplings[index % samplings.length], seed: index };
      const options = { messages, ...sampling, maxTokens: TOKENS, ignoreEos: true, tree: TREE };
      const plain = await answerWith(open, { ...options, drafter: 'none' }, {});
      const { ids } = await prepareRequest(open, options);
      const drafter = createOracle([...ids, ...plain.ids], open.model.info.vocabSize, random);
      const drafted = await answerWith(open, { ...options, drafter: 'msd' }, { drafter });
      await tally.compare(open, prompt, options, plain.ids, drafted.ids);
      accepted.push(...drafted.acceptedPerPass);
    }
    lines.push({
      what: `${how} text with an oracle, ${name}, ${TOKENS} tokens`,
      against: how === 'greedy' ? 'own plain decoding' : 'own plain decoding, same seed',
      bound: most(1e-4),
      unit: 'texts',
      ...tally.figures(),
    });
  }
  return [
    ...lines,
    {
      what: 'mean accepted of the oracle, all targets',
      against: 'its own knowledge',
      bound: least(3),
      unit: 'passes',
      worst: accepted.reduce((sum, one) => sum + one, 0) / accepted.length,
      count: accepted.length,
    },
  ];
}

/** Prompts of a random family, as many as its bound speaks of. */
const FAMILY_PROMPTS = 50;

async function promptsFor(lab: Lab, name: ModelName): Promise<Prompt[]> {
  if (isFamily(name)) {
    const recorded = familyFixture(name).cases.map((one) => ({
      name: one.name,
      messages: messagesOf(one),
    }));
    const drawn = await drawnPrompts(lab.quick ? 2 : FAMILY_PROMPTS - recorded.length);
    return [...recorded, ...drawn];
  }
  const each = lab.quick ? 2 : 12;
  const recorded = tinyCases().flatMap(({ name: label, messages }) =>
    messages === null ? [] : [{ name: label, messages }],
  );
  return [...recorded, ...validationPrompts(each), ...(await drawnPrompts(each))];
}

const isFamily = (name: ModelName): name is FamilyName =>
  (FAMILY_NAMES as readonly string[]).includes(name);
