/** Schemas of every kind that is kept. */
const object = (properties: object, more: object = {}) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  ...more,
});

export const MADE_SCHEMAS: readonly object[] = [
  {},
  { type: 'boolean' },
  { type: ['string', 'null'] },
  { enum: ['a', 1, null, { b: [true] }] },
  { const: { a: 'é"\\' } },
  { type: 'integer' },
  { type: 'integer', minimum: -17, maximum: 230 },
  { type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 2 },
  { type: 'integer', minimum: 5, multipleOf: 7, maximum: 700 },
  { type: 'number', minimum: 0, maximum: 1 },
  { type: 'number', exclusiveMinimum: -0.5, exclusiveMaximum: 0.25 },
  { type: 'number', minimum: 1e9 },
  { type: 'number', minimum: -1e308, maximum: 1e308 },
  { type: 'integer', minimum: 1e20, maximum: 1e300 },
  { type: 'integer', minimum: -1e300, maximum: -1e20 },
  { type: 'string', minLength: 3, maxLength: 5 },
  { type: 'string', pattern: '^[A-Z]{2}-\\d{1,3}$' },
  { type: 'string', pattern: '^[a-c]*(b+"|\\\\)' },
  { type: 'string', pattern: '^[^a]$', minLength: 1, maxLength: 1 },
  { type: 'array', items: { type: 'integer', minimum: 0 }, minItems: 1, maxItems: 3 },
  { type: 'array', items: { enum: ['x', 'y'] } },
  { type: 'array', items: [{ type: 'integer' }, { type: 'string' }], additionalItems: false },
  { type: 'array', maxItems: 1, uniqueItems: true },
  object({ name: { type: 'string' }, age: { type: 'integer', minimum: 0, maximum: 150 } }),
  object({ a: { type: 'null' } }, { required: [], additionalProperties: { type: 'boolean' } }),
  object({ a: {}, b: {}, c: {} }, { required: ['b'], additionalProperties: false }),
  { type: 'object', additionalProperties: { type: 'integer' }, maxProperties: 2, minProperties: 1 },
  {
    anyOf: [
      { type: 'integer', minimum: 3 },
      { type: 'string', maxLength: 2 },
    ],
  },
  {
    allOf: [
      { properties: { a: { type: 'integer' } } },
      { properties: { a: { minimum: 4 } }, required: ['a'] },
    ],
    type: 'object',
  },
  {
    oneOf: [
      object({ t: { const: 'a' }, x: { type: 'integer' } }),
      object({ t: { const: 'b' }, y: { type: 'string' } }),
    ],
  },
  {
    type: 'object',
    properties: { a: { anyOf: [{ type: 'null' }, { $ref: '#' }] } },
    required: ['a'],
    additionalProperties: false,
  },
  {
    definitions: { p: { type: 'string', maxLength: 3 } },
    type: 'array',
    items: { $ref: '#/definitions/p' },
    maxItems: 4,
  },
  object({ 'a"b': { type: 'integer' }, 'ü/~': { enum: [1, 2] } }),
];
