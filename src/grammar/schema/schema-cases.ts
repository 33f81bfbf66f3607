import { SchemaError } from '../../contracts/errors.ts';
import { jsonText } from '../json-text.ts';
import { ANY_CASE, type Case, type Located, type Together } from './case.ts';
import { conjoin } from './conjoin.ts';
import { pointer, resolveRef } from './pointer.ts';
import { isRecord, readCase, type SchemaObject } from './read-case.ts';

/** Alternatives of one value at most, once all choices are multiplied out. */
const MOST_CASES = 256;
/** Of a place in a schema, in characters: deeper ones would take the stack. */
const LONGEST_PATH = 2000;

/**
 * All ways in which a value may keep some schemas at once.
 * @param root the whole schema, which `$ref` looks into
 * @throws SchemaError
 */
export function schemaCases(
  root: Located,
  schemas: Together,
  above: readonly unknown[] = [],
): Case[] {
  return schemas.reduce<Case[]>(
    (cases, located) => cross(cases, casesOf(root, located, above), located.path),
    [ANY_CASE],
  );
}

function casesOf(root: Located, { schema, path }: Located, above: readonly unknown[]): Case[] {
  if (schema === true) return [ANY_CASE];
  if (schema === false) return [];
  if (!isRecord(schema)) {
    throw new SchemaError(path, 'this', 'must be a schema: an object, true or false');
  }
  if (path.length > LONGEST_PATH) {
    throw new SchemaError(path, 'this', 'is nested too deeply');
  }
  if (above.includes(schema)) return []; // it would have to hold itself to be held
  const inside = [...above, schema];
  let cases: Case[] = [readCase(schema, path)];
  if (schema.$ref !== undefined) {
    const meant = resolveRef(root, schema.$ref, path);
    cases = cross(cases, casesOf(root, meant, inside), path);
  }
  for (const one of branches(schema, 'allOf', path)) {
    cases = cross(cases, casesOf(root, one, inside), path);
  }
  if (schema.anyOf !== undefined) {
    const all = branches(schema, 'anyOf', path).flatMap((one) => casesOf(root, one, inside));
    cases = cross(cases, all, path);
  }
  if (schema.oneOf !== undefined) {
    const all = branches(schema, 'oneOf', path).map((one) => casesOf(root, one, inside));
    requireApart(root, all, path);
    cases = cross(cases, all.flat(), path);
  }
  return cases;
}

function branches(schema: SchemaObject, keyword: string, path: string): Located[] {
  const list = schema[keyword] ?? [];
  if (!Array.isArray(list)) throw new SchemaError(path, keyword, 'must be a list of schemas');
  return list.map((schema, at) => ({ schema, path: pointer(path, keyword, at) }));
}

function cross(left: readonly Case[], right: readonly Case[], path: string): Case[] {
  if (left.length * right.length > MOST_CASES) {
    throw new SchemaError(
      path,
      'anyOf',
      `gives more than ${MOST_CASES} alternatives for one value`,
    );
  }
  return left.flatMap((a) => right.flatMap((b) => conjoin(a, b) ?? []));
}

/** `oneOf` is kept as a choice only where no value is in two branches. */
function requireApart(root: Located, all: readonly (readonly Case[])[], path: string): void {
  for (const [at, branch] of all.entries()) {
    const others = all.slice(at + 1).flat();
    if (branch.every((a) => others.every((b) => areApart(root, a, b)))) continue;
    throw new SchemaError(
      path,
      'oneOf',
      'has branches that type, enum, const or a required property of such do not tell apart; use anyOf',
    );
  }
}

function areApart(root: Located, a: Case, b: Case): boolean {
  if (a.values !== null && b.values !== null) return disjoint(a.values, b.values);
  const [of, and] = [kindsOf(a), kindsOf(b)];
  if (of === null || and === null) return false;
  const common = [...of].filter((kind) => and.has(kind));
  if (common.length === 0) return true;
  if (common.some((kind) => kind !== 'object') || a.object === null || b.object === null)
    return false;
  const { object: one } = a;
  const { object: other } = b;
  return [...one.required].some((name) => {
    const [mine, theirs] = [one, other].map(({ properties }) =>
      valuesOf(root, properties.get(name) ?? []),
    );
    return other.required.has(name) && mine && theirs && disjoint(mine, theirs);
  });
}

/** The kinds that a case names or lists, `integer` as `number`; null where it may be any. */
function kindsOf({ kinds, values }: Case): ReadonlySet<string> | null {
  if (values !== null) return new Set(values.map(kindOf));
  return kinds && new Set([...kinds].map((kind) => (kind === 'integer' ? 'number' : kind)));
}

export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** The only values that keep some schemas, where they are listed. */
function valuesOf(root: Located, schemas: Together): readonly unknown[] | null {
  const cases = schemaCases(root, schemas);
  const all = cases.map(({ values }) => values);
  return all.includes(null) || all.length === 0 ? null : all.flatMap((values) => values ?? []);
}

function disjoint(a: readonly unknown[], b: readonly unknown[]): boolean {
  const texts = new Set(a.map(jsonText));
  return !b.some((value) => texts.has(jsonText(value)));
}
