/** Schemas as people ask for them, made at random: objects with names of things, numbers with bounds, lists, choices. */
const NAMES = [
  ...['name', 'age', 'city', 'price', 'tags', 'color', 'count', 'email', 'date', 'items', 'status'],
  ...['score', 'title', 'active', 'id', 'owner', 'address', 'notes', 'kind', 'size'],
];
const WORDS = ['red', 'green', 'blue', 'small', 'large', 'open', 'closed', 'low', 'medium', 'high'];
const PATTERNS = ['^[A-Z]{3}-[0-9]{2}$', '^[a-z]{2,8}$', '^#[0-9a-f]{6}$', '^(yes|no|maybe)$'];
const FORMATS = ['date', 'email', 'uuid', 'ipv4', 'time', 'date-time'];

/** @param random numbers from 0 to 1 */
export function makeSchema(random: () => number): object {
  return objectSchema(random, 2);
}

const whole = (random: () => number, most: number): number => Math.floor(random() * (most + 1));
const pick = <T>(random: () => number, list: readonly T[]): T =>
  list[whole(random, list.length - 1)] as T;

function some<T>(random: () => number, list: readonly T[], count: number): T[] {
  const left = [...list];
  return Array.from({ length: Math.min(count, left.length) }, () =>
    left.splice(whole(random, left.length - 1), 1).at(0),
  ) as T[];
}

function objectSchema(random: () => number, depth: number): object {
  const names = some(random, NAMES, 1 + whole(random, 4));
  const required = random() < 0.7 ? names : some(random, names, whole(random, names.length));
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, anySchema(random, depth - 1)])),
    required,
    ...(random() < 0.7 && { additionalProperties: false }),
  };
}

function anySchema(random: () => number, depth: number): object {
  const kinds = [
    () => ({ type: 'string', maxLength: 5 + whole(random, 40) }),
    () => ({ type: 'string', minLength: whole(random, 4), maxLength: 30 }),
    () => ({ type: 'string', pattern: pick(random, PATTERNS) }),
    () => ({ type: 'string', format: pick(random, FORMATS) }),
    () => ({ enum: some(random, WORDS, 2 + whole(random, 3)) }),
    () => ({ type: 'integer', minimum: whole(random, 9), maximum: 10 + whole(random, 990) }),
    () => ({ type: 'integer' }),
    () => ({ type: 'number', minimum: 0, maximum: 1 + whole(random, 99) }),
    () => ({ type: 'boolean' }),
    () => ({ type: ['integer', 'null'], exclusiveMinimum: 0 }),
    ...(depth > 0
      ? [
          () => objectSchema(random, depth),
          () => ({
            type: 'array',
            items: anySchema(random, depth - 1),
            maxItems: 1 + whole(random, 3),
          }),
          () => ({ anyOf: [anySchema(random, depth - 1), { type: 'null' }] }),
        ]
      : []),
  ];
  return pick(random, kinds)();
}
