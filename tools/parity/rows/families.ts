import { familyFixture, messagesOf } from '../../../src/engine/testing/family-fixture.ts';
import { familyReader } from '../../../src/engine/testing/family-reader.ts';
import { FAMILY_NAMES, type FamilyName, type Lab } from '../lab.ts';
import { EQUAL, type Line, most } from '../line.ts';
import { createTally, figures, sameNumbers } from '../tally.ts';

const EAGER = 'HF eager fp32';
const BOUND = most(2e-4);
const TOKENS = 24;

/** Every family's prompts, pixels, activations, greedy words and tree. */
export async function families(lab: Lab): Promise<Line[]> {
  const lines: Line[] = [];
  for (const name of FAMILY_NAMES) lines.push(...(await family(lab, name)));
  return lines;
}

async function family(lab: Lab, name: FamilyName): Promise<Line[]> {
  const open = await lab.open(name);
  const fixture = familyFixture(name);
  const reader = familyReader(fixture, open.model);
  const tallies = {
    prompts: createTally(),
    pixels: createTally(),
    embeddings: createTally(),
    hidden: createTally(),
    logits: createTally(),
    greedy: createTally(),
  };
  for (const one of fixture.cases) {
    const { text, ids } = reader.promptOf(one);
    tallies.prompts.equal(text === one.prompt && sameNumbers(ids, one.input_ids), one.name);
    if (one.images.length > 0) {
      tallies.pixels.add(reader.pixels(one), one.images.length);
      tallies.embeddings.add(await reader.embeddings(one), one.images.length);
    }
    const { hidden, logits } = await reader.prompt(one);
    tallies.hidden.add(hidden, ids.length);
    tallies.logits.add(logits, 8);
    const asked = { messages: messagesOf(one), maxTokens: TOKENS, drafter: 'none' } as const;
    const answered = await open.generate(asked);
    tallies.greedy.equal(sameNumbers(answered.ids, one.greedy_ids), one.name);
  }
  const tree = await reader.tree();
  const nodes = fixture.tree.tokens.length;
  const rows = { against: EAGER, bound: BOUND, unit: 'rows' };
  const reads = fixture.cases.some(({ images }) => images.length > 0);
  const seen = [
    {
      what: `${name}: pixel values`,
      against: 'HF slow processor (PIL)',
      bound: most(2e-6),
      unit: 'pictures',
      ...figures(tallies.pixels),
    },
    {
      what: `${name}: visual embeddings`,
      against: EAGER,
      bound: BOUND,
      unit: 'pictures',
      ...figures(tallies.embeddings),
    },
  ];
  return [
    {
      what: `${name}: prompt text and ids`,
      against: 'HF processor',
      bound: EQUAL,
      unit: 'dialogues',
      ...figures(tallies.prompts),
    },
    ...(reads ? seen : []),
    { what: `${name}: hidden states`, ...rows, ...figures(tallies.hidden) },
    { what: `${name}: logits`, ...rows, ...figures(tallies.logits) },
    {
      what: `${name}: tree, hidden states and logits`,
      against: 'HF, path by path',
      bound: BOUND,
      unit: 'nodes',
      worst: Math.max(tree.hidden, tree.logits),
      count: nodes,
    },
    {
      what: `${name}: greedy ids, ${TOKENS} tokens`,
      against: 'HF generate',
      bound: EQUAL,
      unit: 'texts',
      ...figures(tallies.greedy),
    },
  ];
}
