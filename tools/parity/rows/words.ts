import { normaliseMessages } from '../../../src/input/messages.ts';
import { buildPrompt } from '../../../src/input/prompt.ts';
import { fixtures, type TextFixture } from '../../../src/input/testing/text-fixtures.ts';
import { familyCases, type GoldenCase, tinyCases } from '../golden-cases.ts';
import { EQUAL, type Line } from '../line.ts';
import { createTally, figures, sameNumbers } from '../tally.ts';

const HF = 'HF processor and tokenizer';

/** Rendered prompts and their ids, from the messages. */
export async function prompts(): Promise<Line[]> {
  const text = createTally();
  const ids = createTally();
  const cases = { tiny: tinyCases(), 'llava-gqa': familyCases() };
  for (const fixture of fixtures) {
    for (const one of cases[fixture.name as keyof typeof cases]) {
      const built = build(fixture, one);
      text.equal(built.text === one.prompt, `${fixture.name}/${one.name}`);
      ids.equal(sameNumbers(built.ids, one.ids), `${fixture.name}/${one.name}`);
    }
  }
  const common = { against: HF, bound: EQUAL, unit: 'dialogues' };
  return [
    { what: 'rendered prompts', ...common, ...figures(text) },
    { what: 'prompt ids', ...common, ...figures(ids) },
  ];
}

function build({ tokenizer, template, imageTokenId }: TextFixture, { messages, ids }: GoldenCase) {
  const normal = normaliseMessages(messages);
  const run = ids.filter((id) => id === imageTokenId).length / normal.images.length;
  const layouts = normal.images.map(() => ({ ids: Array<number>(run).fill(imageTokenId) }));
  return buildPrompt({ tokenizer, template, ...normal, imageTokenId, layouts });
}

/** Both tokenizers on the recorded strings and on random ids. */
export async function strings(): Promise<Line[]> {
  const encoded = createTally();
  const decoded = createTally();
  for (const { name, tokenizer, strings } of fixtures) {
    for (const [text, ids, shown, skipped] of strings.strings) {
      const got = tokenizer.encode(text, { addSpecialTokens: true });
      encoded.equal(sameNumbers(got, ids), `${name} ${JSON.stringify(text)}`);
      const texts = [false, true].map((skipSpecialTokens) =>
        tokenizer.decode(ids, { skipSpecialTokens }),
      );
      decoded.equal(texts[0] === shown, `${name} ${JSON.stringify(text)} with specials`);
      decoded.equal(texts[1] === skipped, `${name} ${JSON.stringify(text)} without specials`);
    }
    for (const [ids, text] of strings.random_ids) {
      const got = tokenizer.decode(ids, { skipSpecialTokens: true });
      decoded.equal(got === text, `${name} [${ids}]`);
    }
  }
  const common = { against: 'HF tokenizers, two of them', bound: EQUAL };
  return [
    { what: 'ids of strings', ...common, unit: 'strings', ...figures(encoded) },
    {
      what: 'decoded text, specials shown and skipped',
      ...common,
      unit: 'texts',
      ...figures(decoded),
    },
  ];
}
