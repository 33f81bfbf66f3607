import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { SchemaError } from '../../contracts/errors.ts';
import { accepts } from '../accepts.ts';
import { createAutomaton } from '../automaton.ts';
import { jsonText } from '../json-text.ts';
import { MADE_SCHEMAS } from '../testing/made-schemas.ts';
import { randomText } from '../testing/random-text.ts';
import { schemaExpression } from './schema-expression.ts';

interface Group {
  readonly description: string;
  readonly schema: unknown;
  readonly tests: readonly { description: string; data: unknown; valid: boolean }[];
}

const suite = join(
  dirname(createRequire(import.meta.url).resolve('json-schema-test-suite')),
  'tests/draft4',
);
const groups = readdirSync(suite)
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) => JSON.parse(readFileSync(join(suite, file), 'utf8')) as Group[]);

/** What becomes of a schema: its automaton, or why it is refused. */
function read(schema: unknown) {
  try {
    return createAutomaton(schemaExpression(schema));
  } catch (error) {
    if (error instanceof SchemaError) return error;
    throw error;
  }
}

describe('the test suite of JSON Schema (draft 4)', () => {
  it.each(groups.map((group) => [group.description, group] as const))(
    '%s: nothing invalid',
    (_, { schema, tests }) => {
      const automaton = read(schema);
      if (automaton instanceof SchemaError) return;
      for (const { description, data, valid } of tests) {
        if (!valid)
          expect([description, accepts(automaton, jsonText(data))]).toEqual([description, false]);
      }
    },
  );

  it('is refused by these keywords alone', () => {
    const refused = groups.flatMap(({ schema }) => {
      const automaton = read(schema);
      return automaton instanceof SchemaError ? [automaton.keyword] : [];
    });
    expect([...new Set(refused)].sort()).toEqual([
      ...['$ref', 'dependencies', 'id', 'multipleOf', 'not', 'oneOf', 'patternProperties'],
      ...['tilda~field', 'uniqueItems'],
    ]);
    expect(refused.length).toBeLessThanOrEqual(25);
  });
});

describe('texts of a grammar', () => {
  const ajv = new Ajv({ strict: false, formats: {}, validateFormats: false });

  it.each(MADE_SCHEMAS.map((schema) => [jsonText(schema), schema] as const))(
    'keep %s',
    (_, schema) => {
      const valid = ajv.compile(schema);
      const automaton = createAutomaton(schemaExpression(schema));
      const random = randomNumbers(7);
      let found = 0;
      for (let run = 0; run < 40; run += 1) {
        const text = randomText(automaton, random);
        if (text === null) continue;
        found += 1;
        expect([text, valid(JSON.parse(text))]).toEqual([text, true]);
      }
      expect(found).toBeGreaterThan(5);
    },
  );
});

describe('what is refused', () => {
  const refusal = (schema: unknown) => {
    const error = read(schema);
    return error instanceof SchemaError ? [error.path, error.keyword] : 'nothing';
  };

  it.each<[unknown, string, string]>([
    [{ properties: { a: { items: { not: {} } } } }, '#/properties/a/items', 'not'],
    [{ properties: { 'a/b': { type: 'text' } } }, '#/properties/a~1b', 'type'],
    [{ anyOf: [true, { pattern: '(?=a)' }] }, '#/anyOf/1', 'pattern'],
    [{ $defs: { a: { minimun: 1 } }, $ref: '#/$defs/a' }, '#/$defs/a', 'minimun'],
    [{ $ref: 'https://example.org/a' }, '#', '$ref'],
    [{ $ref: '#/$defs/none' }, '#', '$ref'],
    [{ $ref: '#' }, '#', 'this'],
    [{ type: 'string', pattern: '^a*$', minLength: 2 }, '#', 'minLength'],
    [{ type: 'string', format: 'iri' }, '#', 'format'],
    [{ type: 'string', pattern: '^((a{0,99}){0,99}){0,99}$' }, '#', 'pattern'],
    [{ type: 'number', multipleOf: 0.01 }, '#', 'multipleOf'],
    [{ type: 'array', uniqueItems: true }, '#', 'uniqueItems'],
    [{ oneOf: [{ type: 'integer' }, { type: 'number' }] }, '#', 'oneOf'],
    [{ type: 'object', patternProperties: {} }, '#', 'patternProperties'],
    [{ required: ['a'], properties: { b: {} }, additionalProperties: false }, '#', 'this'],
    [{ type: 'integer', minimum: 3, maximum: 2 }, '#', 'this'],
    [7, '#', 'this'],
  ])('%j', (schema, path, keyword) => {
    expect(refusal(schema)).toEqual([path, keyword]);
  });

  it('is told from what is too deep to be read', () => {
    let schema: object = {};
    for (let depth = 0; depth < 100_000; depth += 1) schema = { items: schema };
    expect(refusal(schema)).toEqual([expect.stringContaining('#/items'), 'this']);
  });
});

describe('a grammar', () => {
  const allows = (schema: unknown, value: unknown) => {
    const automaton = read(schema);
    return !(automaton instanceof SchemaError) && accepts(automaton, jsonText(value));
  };

  it('has properties in the order of the schema, the ones that may be left out too', () => {
    const schema = { properties: { a: {}, b: {}, c: {} }, required: ['b'] };
    expect([{ b: 1 }, { a: 1, b: 2 }, { b: 1, c: 2 }].map((one) => allows(schema, one))).toEqual([
      ...[true, true, true],
    ]);
    expect([{ b: 1, a: 2 }, { a: 1 }, { b: 1, d: 2 }].map((one) => allows(schema, one))).toEqual([
      ...[false, false, false],
    ]);
  });

  it('has other properties where the schema says so, none of a name that it knows', () => {
    const schema = {
      properties: { ab: { type: 'null' } },
      additionalProperties: { type: 'integer' },
    };
    expect(allows(schema, { ab: null, abc: 1, a: 2, '': 3 })).toBe(true);
    expect(allows(schema, { ab: 1 })).toBe(false);
  });

  it('nests where a schema refers to itself', () => {
    const tree = {
      $defs: { t: { properties: { v: { type: 'integer' }, l: { $ref: '#/$defs/t' } } } },
      $ref: '#/$defs/t',
    };
    expect(allows(tree, { v: 1, l: { v: 2, l: { l: {} } } })).toBe(true);
    expect(allows(tree, { v: 1, l: { v: 'x' } })).toBe(false);
  });
});

/** Numbers from 0 to 1 that are the same each time. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
