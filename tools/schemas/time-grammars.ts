import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGrammars } from '../../src/engine/load/grammars.ts';
import { schemaExpression } from '../../src/grammar/schema/schema-expression.ts';
import { createTokenizer } from '../../src/input/tokenizer.ts';

const json = (folder: string, file: string): unknown =>
  JSON.parse(readFileSync(join(folder, file), 'utf8'));

/** The number of the grammar that was made last. */
const KEPT = 100;

/** How long grammars take to make, and masks to find, over a model's vocabulary. */
export async function timeGrammars(folder: string, schemas: readonly object[]): Promise<string[]> {
  const tokenizer = createTokenizer(
    json(folder, 'tokenizer.json'),
    json(folder, 'tokenizer_config.json'),
  );
  const grammars = createGrammars(tokenizer, tokenizer.vocabSize, [2], null);
  const first = timed(() => grammars.open('', () => schemaExpression({})));
  const bounded = {
    type: 'object',
    properties: { a: { type: 'string', maxLength: 1000 } },
    required: ['a'],
  };
  const text = '{"a": "The quick brown fox jumps over the lazy dog, again and again';
  const compile: number[] = [];
  const masks: number[] = [];
  for (const [at, schema] of [...schemas.slice(0, KEPT), bounded].entries()) {
    let state = grammars.open('', () => schemaExpression({}));
    compile.push(
      timed(() => {
        state = grammars.open(String(at), () => schemaExpression(schema));
      }),
    );
    if (schema !== bounded) {
      masks.push(timed(() => state.allowed()));
      continue;
    }
    for (const id of tokenizer.encode(text, { addSpecialTokens: false })) {
      masks.push(timed(() => state.allowed()));
      state = state.after(id) ?? state;
    }
  }
  const again = timed(() => grammars.open(String(KEPT), () => schemaExpression({})).allowed());
  return [
    `vocabulary of ${tokenizer.vocabSize} tokens: read once in ${first.toFixed(0)} ms`,
    `a grammar: median ${middle(compile)} ms, longest ${Math.max(...compile).toFixed(1)} ms; one with maxLength 1000 ${compile.at(-1)?.toFixed(1)} ms`,
    `a mask that is new: median ${middle(masks)} ms, longest ${Math.max(...masks).toFixed(1)} ms; one that is known ${again.toFixed(3)} ms`,
  ];
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

const middle = (values: readonly number[]): string =>
  (values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0).toFixed(2);
