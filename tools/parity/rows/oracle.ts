import { uniform } from '../../../src/decode/uniform.ts';
import { readPrompt } from '../../../src/engine/read-prompt.ts';
import { resolveOptions } from '../../../src/engine/resolve-options.ts';
import { answerWith } from '../answer-with.ts';
import { familyCases, tinyCases } from '../golden-cases.ts';
import { type Lab, MODEL_NAMES } from '../lab.ts';
import { type Line, least, most } from '../line.ts';
import { createLosslessTally } from '../lossless-tally.ts';
import { createOracle } from '../oracle.ts';
import { drawnPrompts, type Prompt, validationPrompts } from '../prompts.ts';

const TREE = { total: 32, depth: 7, topK: 8 };
const TOKENS = 128;

/** Long texts past the end token, drafted by one who knows them, on the trained and on random-weight targets. */
export async function losslessOracle(lab: Lab): Promise<Line[]> {
  const lines: Line[] = [];
  const accepted: number[] = [];
  let draws = 0;
  const random = () => uniform(2505, draws++);
  for (const name of MODEL_NAMES) {
    const open = await lab.open(name);
    const tally = createLosslessTally();
    const prompts = await promptsFor(name, lab.quick ? 2 : 12);
    for (const { name: prompt, messages } of prompts) {
      const options = { messages, maxTokens: TOKENS, ignoreEos: true, tree: TREE } as const;
      const plain = await answerWith(open, { ...options, drafter: 'none' }, {});
      const { ids } = readPrompt(open.model, resolveOptions(options));
      const drafter = createOracle([...ids, ...plain.ids], open.model.info.vocabSize, random);
      const drafted = await answerWith(open, { ...options, drafter: 'msd' }, { drafter });
      await tally.compare(open, prompt, options, plain.ids, drafted.ids);
      accepted.push(...drafted.acceptedPerPass);
    }
    lines.push({
      what: `greedy text with an oracle, ${name}, ${TOKENS} tokens`,
      against: 'own plain decoding',
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

async function promptsFor(name: (typeof MODEL_NAMES)[number], each: number): Promise<Prompt[]> {
  const recorded = (name === 'llava-gqa' ? familyCases() : tinyCases()).flatMap(
    ({ name: label, messages }) => (messages === null ? [] : [{ name: label, messages }]),
  );
  const drawn = await drawnPrompts(each);
  if (name === 'llava-gqa') return [...recorded, ...drawn];
  return [...recorded, ...validationPrompts(each), ...drawn];
}
