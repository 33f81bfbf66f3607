import { SchemaError } from '../../contracts/errors.ts';
import type {
  ArrayRules,
  Case,
  Kind,
  Located,
  NumberRules,
  ObjectRules,
  StringRules,
} from './case.ts';
import { FORMATS, formatPattern } from './formats.ts';
import { isAnnotation, READ } from './keywords.ts';
import { pointer } from './pointer.ts';

export type SchemaObject = Readonly<Record<string, unknown>>;

const KINDS: readonly Kind[] = [
  'null',
  'boolean',
  'integer',
  'number',
  'string',
  'array',
  'object',
];

/**
 * What a schema says by itself, apart from other schemas that it calls in. `items` as a list and `exclusiveMinimum: true`
 * are read as earlier drafts have them.
 * @throws SchemaError for a keyword that no grammar keeps, or that is none
 */
export function readCase(schema: SchemaObject, path: string): Case {
  for (const keyword of Object.keys(schema)) {
    if (READ.has(keyword) || isAnnotation(keyword)) continue;
    if (keyword === '$id' && path === '#') continue;
    throw new SchemaError(
      path,
      keyword,
      'is not supported: an answer could break it; leave it out, and check for it yourself',
    );
  }
  const said = (...keywords: string[]) => keywords.some((keyword) => schema[keyword] !== undefined);
  const numbers = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'];
  const arrays = ['items', 'prefixItems', 'additionalItems', 'minItems', 'maxItems', 'uniqueItems'];
  const objects = [
    'properties',
    'required',
    'additionalProperties',
    'minProperties',
    'maxProperties',
  ];
  return {
    kinds: readKinds(schema, path),
    values: readValues(schema, path),
    number: said(...numbers) ? readNumber(schema, path) : null,
    string: said('minLength', 'maxLength', 'pattern', 'format') ? readString(schema, path) : null,
    array: said(...arrays) ? readArray(schema, path) : null,
    object: said(...objects) ? readObject(schema, path) : null,
  };
}

function readKinds({ type }: SchemaObject, path: string): Case['kinds'] {
  if (type === undefined) return null;
  const names: unknown[] = Array.isArray(type) ? type : [type];
  const kinds = names.map((name) => {
    const kind = KINDS.find((one) => one === name);
    if (kind === undefined) throw new SchemaError(path, 'type', `must be of ${KINDS.join(', ')}`);
    return kind;
  });
  return new Set(kinds);
}

function readValues({ enum: listed, const: one }: SchemaObject, path: string): Case['values'] {
  if (listed !== undefined && !Array.isArray(listed)) {
    throw new SchemaError(path, 'enum', 'must be a list of values');
  }
  if (one === undefined) return listed ?? null;
  if (listed !== undefined) {
    throw new SchemaError(path, 'const', 'stands beside enum; give only one of them');
  }
  return [one];
}

function readNumber(schema: SchemaObject, path: string): NumberRules {
  const bound = (keyword: string): number | undefined => {
    const value = schema[keyword];
    if (value === undefined || typeof value === 'boolean') return undefined;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw new SchemaError(path, keyword, 'must be a number');
  };
  const step = bound('multipleOf') ?? 1;
  if (!Number.isSafeInteger(step) || step < 1 || step > 1000) {
    throw new SchemaError(path, 'multipleOf', 'is supported for whole numbers from 1 to 1000 only');
  }
  const [least, above] = [bound('minimum'), bound('exclusiveMinimum')];
  const [most, below] = [bound('maximum'), bound('exclusiveMaximum')];
  const leastOpen =
    schema.exclusiveMinimum === true || (above ?? -Infinity) >= (least ?? -Infinity);
  const mostOpen = schema.exclusiveMaximum === true || (below ?? Infinity) <= (most ?? Infinity);
  return {
    least: Math.max(least ?? -Infinity, above ?? -Infinity),
    leastOpen,
    most: Math.min(most ?? Infinity, below ?? Infinity),
    mostOpen,
    step: schema.multipleOf === undefined ? 0 : step,
    path,
  };
}

function readString(schema: SchemaObject, path: string): StringRules {
  const { pattern, format } = schema;
  if (pattern !== undefined && format !== undefined) {
    throw new SchemaError(path, 'format', 'stands beside pattern; give only one of them');
  }
  return {
    least: count(schema, 'minLength', path) ?? 0,
    most: count(schema, 'maxLength', path) ?? Infinity,
    pattern: pattern === undefined ? readFormat(format, path) : readPattern(pattern, path),
  };
}

function readPattern(source: unknown, path: string): StringRules['pattern'] {
  if (typeof source === 'string') return { source, path, keyword: 'pattern' };
  throw new SchemaError(path, 'pattern', 'must be a regular expression');
}

function readFormat(format: unknown, path: string): StringRules['pattern'] {
  if (format === undefined) return null;
  const source = typeof format === 'string' ? formatPattern(format) : undefined;
  if (source !== undefined) return { source, path, keyword: 'format' };
  const known = [...FORMATS.keys()].join(', ');
  throw new SchemaError(
    path,
    'format',
    `${JSON.stringify(format)} is not supported; these are: ${known}`,
  );
}

function readArray(schema: SchemaObject, path: string): ArrayRules {
  const { items, prefixItems, additionalItems, uniqueItems } = schema;
  const list = prefixItems ?? (Array.isArray(items) ? items : []);
  const keyword = prefixItems === undefined ? 'items' : 'prefixItems';
  if (!Array.isArray(list)) throw new SchemaError(path, keyword, 'must be a list of schemas');
  const rest = Array.isArray(items) ? additionalItems : items;
  const restKeyword = Array.isArray(items) ? 'additionalItems' : 'items';
  return {
    first: list.map((schema, at) => [{ schema, path: pointer(path, keyword, at) }]),
    rest: rest === undefined ? null : [{ schema: rest, path: pointer(path, restKeyword) }],
    least: count(schema, 'minItems', path) ?? 0,
    most: count(schema, 'maxItems', path) ?? Infinity,
    unique: uniqueItems === true ? path : null,
  };
}

function readObject(schema: SchemaObject, path: string): ObjectRules {
  const { properties = {}, required = [], additionalProperties } = schema;
  if (!isRecord(properties))
    throw new SchemaError(path, 'properties', 'must be an object of schemas');
  if (!Array.isArray(required) || !required.every((name) => typeof name === 'string')) {
    throw new SchemaError(path, 'required', 'must be a list of names');
  }
  const located = Object.entries(properties).map(([name, schema]): [string, Located[]] => [
    name,
    [{ schema, path: pointer(path, 'properties', name) }],
  ]);
  const others = { schema: additionalProperties, path: pointer(path, 'additionalProperties') };
  return {
    properties: new Map(located),
    required: new Set(required),
    others: additionalProperties === undefined ? null : [others],
    least: count(schema, 'minProperties', path) ?? 0,
    most: count(schema, 'maxProperties', path) ?? Infinity,
    path,
  };
}

function count(schema: SchemaObject, keyword: string, path: string): number | undefined {
  const value = schema[keyword];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new SchemaError(path, keyword, 'must be a whole number, 0 or more');
}

export const isRecord = (value: unknown): value is SchemaObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
