/**
 * `npm run check:schemas`: answers that keep a schema. Asks a model for an answer to each of some hundred random schemas,
 * greedy and sampled, plainly and speculatively: each text that ended by itself must be valid (ajv judges), and both ways
 * must write the same. Says how many were cut, what passes and time it took, and how long grammars take to make and masks
 * to find. Exits 1 on a difference or an invalid text.
 */
import { Command } from '@commander-js/extra-typings';
import { Ajv } from 'ajv';
import { TINY_PAIR } from '../../src/checkpoint/testing/tiny-pair.ts';
import type { GenerateResult } from '../../src/contracts/generate.ts';
import type { Precision } from '../../src/contracts/load.ts';
import { load, type MsdModel } from '../../src/load.ts';
import { makeSchema } from './make-schemas.ts';
import { timeGrammars } from './time-grammars.ts';

const program = new Command('check:schemas')
  .description('Checks answers that keep a schema: valid, and the same whatever drafts.')
  .option('--model <dir>', 'a model instead of the embedded pair')
  .option('--precision <name>', 'fp32, w8a8 or int4', 'fp32')
  .option('--schemas <n>', 'how many', '320')
  .option('--max-tokens <n>', 'most tokens of an answer', '256')
  .parse();
const { model: folder, precision, schemas: asked, maxTokens } = program.opts();

const say = (line: string) => void process.stdout.write(`${line}\n`);
const ajv = new Ajv({ strict: false, validateFormats: false });
const random = randomNumbers(11);
const schemas = Array.from({ length: Number(asked) }, () => makeSchema(random));

const model = await load({
  ...(folder === undefined ? TINY_PAIR : { model: folder }),
  precision: precision as Precision,
});
const totals = { ended: 0, cut: 0, invalid: 0, different: 0 };
const sides = { plain: { ids: 0, passes: 0, ms: 0 }, speculative: { ids: 0, passes: 0, ms: 0 } };
for (const [at, schema] of schemas.entries()) {
  const sampling = at % 2 === 0 ? {} : { temperature: 0.8, seed: at };
  // Whoever goes first takes turns, as does whoever finds the grammar new.
  const order =
    at % 4 < 2 ? (['plain', 'speculative'] as const) : (['speculative', 'plain'] as const);
  const results = new Map<string, GenerateResult>();
  for (const way of order) {
    const result = await answer(model, schema, {
      ...sampling,
      ...(way === 'plain' && { drafter: 'none' }),
    });
    const { timings, ids, passes } = result;
    sides[way].ids += ids.length;
    sides[way].passes += passes;
    sides[way].ms += timings.target + timings.draft + timings.host;
    results.set(way, result);
  }
  const [plain, speculative] = [results.get('plain'), results.get('speculative')];
  if (String(plain?.ids) !== String(speculative?.ids)) {
    totals.different += 1;
    say(`DIFFERENT ${JSON.stringify(schema)}\n  ${plain?.text}\n  ${speculative?.text}`);
  }
  if (speculative?.finishReason !== 'stop') totals.cut += 1;
  else {
    totals.ended += 1;
    if (!isValid(schema, speculative.text)) {
      totals.invalid += 1;
      say(`INVALID ${JSON.stringify(schema)}\n  ${speculative.text}`);
    }
  }
}
await model.dispose();

const { plain, speculative } = sides;
const perPass = ({ ids, passes }: typeof plain) => ((ids - schemas.length) / passes).toFixed(2);
say(
  `model ${folder ?? 'models/tiny'}, ${precision}; ${schemas.length} schemas, half greedy, half at temperature 0.8`,
);
say(
  `ended by themselves ${totals.ended}, invalid ${totals.invalid}; cut by max_tokens ${maxTokens}: ${totals.cut}`,
);
say(`plain and speculative differ: ${totals.different}`);
say(`tokens per pass: plain ${perPass(plain)}, speculative ${perPass(speculative)}`);
say(
  `decode ms per token: plain ${(plain.ms / plain.ids).toFixed(2)}, speculative ${(speculative.ms / speculative.ids).toFixed(2)}`,
);
if (folder !== undefined) for (const line of await timeGrammars(folder, schemas)) say(line);
process.exitCode = totals.invalid + totals.different > 0 ? 1 : 0;

function answer(one: MsdModel, schema: object, ways: object): Promise<GenerateResult> {
  const prompt = `Give an example as JSON that keeps this JSON schema: ${JSON.stringify(schema)}`;
  return one.complete({
    ...{ prompt, maxTokens: Number(maxTokens), ...ways },
    responseFormat: { type: 'json_schema', json_schema: { schema } },
  });
}

function isValid(schema: object, text: string): boolean {
  try {
    return ajv.compile(schema)(JSON.parse(text));
  } catch {
    return false;
  }
}

function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
