/** Bodies that are nearly right: every field that is known, mostly with what may stand there, now and then with anything. */
import fc from 'fast-check';

interface RandomRequest {
  readonly path: string;
  readonly body: string;
}

const junk = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('', -1, 1e308, [[]], {}));
const mostly = (usual: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 40, arbitrary: usual }, { weight: 1, arbitrary: junk });
/** What is needed and a few other fields. */
const some = (fields: Readonly<Record<string, fc.Arbitrary<unknown>>>, needed: string[] = []) =>
  fc
    .tuple(
      fc.record(
        Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, mostly(one)])),
      ),
      fc.subarray(Object.keys(fields), { maxLength: Math.min(4, Object.keys(fields).length) }),
    )
    .map(([all, kept]) =>
      Object.fromEntries(
        Object.entries(all).filter(([name]) => needed.includes(name) || kept.includes(name)),
      ),
    );
const list = (of: fc.Arbitrary<unknown>, most = 3) => fc.array(of, { maxLength: most });

const name = fc.constantFrom('a', 'b', 'draw', 'a"b', '__proto__', 'constructor');
const words = fc.oneof(fc.constantFrom('abcabd', 'ab', '<tool_call>', '\u0000'), fc.string());
const number = fc.oneof(fc.integer({ min: -3, max: 40 }), fc.double({ noNaN: true }));
const kind = fc.constantFrom('object', 'array', 'string', 'integer', 'number', 'boolean', 'null');

const { schema } = fc.letrec<{ schema: unknown }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom({}, true, false, { type: 'string' }, { $ref: '#' }),
    some({
      type: fc.oneof(kind, list(kind)),
      properties: fc.dictionary(name, tie('schema'), { maxKeys: 3 }),
      required: list(name),
      additionalProperties: tie('schema'),
      items: fc.oneof(tie('schema'), list(tie('schema'))),
      ...{ anyOf: list(tie('schema')), allOf: list(tie('schema')), oneOf: list(tie('schema')) },
      ...{ enum: list(junk), const: junk, not: tie('schema'), $defs: fc.constant({ a: {} }) },
      ...{ minimum: number, maximum: number, multipleOf: number, exclusiveMinimum: number },
      ...{ minItems: number, maxItems: number, minLength: number, maxLength: number },
      pattern: fc.oneof(fc.constantFrom('^a+$', '(a*)*$', '[', '^\\p{L}{2,9}$', 'a|b'), words),
      format: fc.constantFrom('date', 'uuid', 'ipv6', 'email', 'nothing'),
      $ref: fc.constantFrom('#', '#/properties/a', '#/$defs/a', '#/x', 'http://a/b'),
    }),
  ),
}));

const offered = {
  ...{ name, description: words, parameters: schema, strict: fc.boolean() },
};
const type = fc.constant('function');
const forced = fc.constantFrom('none', 'auto', 'required');
const picture = fc.constantFrom('data:image/png;base64,AAAA', 'http://127.0.0.1/', '/etc/passwd');
const part = fc.oneof(
  some({ type: fc.constant('text'), text: words }, ['type']),
  some({ type: fc.constant('image_url'), image_url: some({ url: picture }) }, ['type']),
);
const call = some({ id: name, type, function: some({ name, arguments: words }) }, ['type']);
const role = fc.constantFrom('user', 'assistant', 'system', 'developer', 'tool');
const message = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ role: 'user', content: 'abcabd' }) },
  {
    weight: 1,
    arbitrary: some(
      {
        ...{ role, content: fc.oneof(words, list(part)), name: words },
        ...{ tool_calls: list(call), tool_call_id: name },
      },
      ['role'],
    ),
  },
);
const messages = fc.array(message, { minLength: 1, maxLength: 4 });

const share = fc.constantFrom(0.05, 0.5, 1);
const sampling = {
  ...{ temperature: fc.constantFrom(0, 0.7, 2), top_p: share, seed: fc.nat(), top_k: fc.nat(9) },
  ...{ stop: fc.oneof(words, list(words)), n: fc.constantFrom(1, 2), logit_bias: fc.constant({}) },
  ...{ stream: fc.boolean(), ignore_eos: fc.boolean(), min_p: share, user: words },
  msd: some({
    ...{ passes: fc.boolean(), plain: fc.boolean() },
    forget: fc.constantFrom('likely', 'all'),
  }),
};
const jsonSchema = { name, schema, strict: fc.boolean() };
const formats = fc.constantFrom('text', 'json_object', 'json_schema');
const few = fc.integer({ min: 1, max: 12 });

const chat = some(
  {
    ...{
      ...sampling,
      messages,
      max_tokens: few,
      prediction: some({ type: fc.constant('content'), content: words }, ['type']),
    },
    ...{ logprobs: fc.boolean(), top_logprobs: fc.nat(20), parallel_tool_calls: fc.boolean() },
    read_text: fc.boolean(),
    tools: list(some({ type, function: some(offered, ['name']) }, ['type', 'function'])),
    tool_choice: fc.oneof(forced, some({ type, function: some({ name }) })),
    response_format: some({ type: formats, json_schema: some(jsonSchema) }, ['type']),
  },
  ['messages', 'max_tokens'],
);
const item = fc.oneof(
  message,
  some({ type: fc.constant('function_call'), call_id: name, name, arguments: words }, ['type']),
  some({ type: fc.constant('function_call_output'), call_id: name, output: words }, ['type']),
);
const response = some(
  {
    ...{ ...sampling, max_output_tokens: few, instructions: words },
    input: fc.oneof(words, fc.array(item, { maxLength: 4 })),
    read_text: fc.boolean(),
    tools: list(some({ type, ...offered }, ['type', 'name'])),
    tool_choice: fc.oneof(forced, some({ type, name })),
    text: some({ format: some({ type: formats, ...jsonSchema }, ['type']) }),
    parallel_tool_calls: fc.boolean(),
  },
  ['input', 'max_output_tokens'],
);
const completion = some(
  { ...sampling, prompt: fc.oneof(words, list(words), list(fc.nat(30))), max_tokens: few },
  ['prompt', 'max_tokens'],
);
const tokenised = some({ prompt: words, messages, tokens: list(fc.nat(30)), content: words });

/** A body for each address that takes one, as text. */
export const randomRequest: fc.Arbitrary<RandomRequest> = fc.oneof(
  ...(
    [
      ['/v1/chat/completions', chat, 6],
      ['/v1/responses', response, 4],
      ['/v1/completions', completion, 2],
      ['/tokenize', tokenised, 1],
      ['/detokenize', tokenised, 1],
    ] as const
  ).map(([path, usual, weight]) => ({
    weight,
    arbitrary: fc.oneof(
      { weight: 9, arbitrary: usual.map((body) => ({ path, body: JSON.stringify(body) })) },
      { weight: 1, arbitrary: junk.map((body) => ({ path, body: JSON.stringify(body) })) },
      { weight: 1, arbitrary: fc.string().map((body) => ({ path, body })) },
    ),
  })),
);
