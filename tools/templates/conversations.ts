/** What the chat templates are rendered with: all that `apply_chat_template` hands over. */

const WEATHER = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Weather of a place, "as it is".',
    parameters: {
      type: 'object',
      properties: {
        place: { type: 'string', description: 'Town & country, e.g. Zürich <CH>' },
        days: { type: 'integer', minimum: 1, enum: [1, 3, 7], default: 3 },
        unit: { type: ['string', 'null'], enum: ['°C', '°F', null] },
        points: {
          type: 'array',
          items: { type: 'object', properties: { x: { type: 'number' }, y: { type: 'number' } } },
        },
      },
      required: ['place'],
    },
    return: { type: 'object', description: 'What it is like.' },
  },
};
const CLOCK = {
  type: 'function',
  function: {
    name: 'now',
    description: 'The time.',
    parameters: { type: 'object', properties: {} },
  },
};
const DOCUMENTS = [
  { title: 'Moons', text: 'Mars has two moons:\n  Phobos and Deimos.' },
  { title: 'Été', text: "It's warm.", doc_id: 7 },
];

const system = { role: 'system', content: 'You are brief.\nAlways.' };
const user = { role: 'user', content: '  What is 2 < 3 & "why"? ' };
const reply = { role: 'assistant', content: 'Yes: 2 < 3.\n\n' };
const again = { role: 'user', content: 'Été 😀 — et après?' };
const parts = {
  role: 'user',
  content: [
    { type: 'image' },
    { type: 'text', text: 'What is this?' },
    { type: 'image' },
    { type: 'text', text: ' And this?' },
  ],
};
const textParts = (role: string, text: string) => ({ role, content: [{ type: 'text', text }] });
const thought = {
  role: 'assistant',
  content: '<think>\nFirst I count.\n</think>\n\n  Two.',
};
const reasoned = { role: 'assistant', content: 'Two.', reasoning_content: 'First I count.' };
const calls = (given: unknown, extra: object = {}) => ({
  role: 'assistant',
  content: '',
  tool_calls: [
    { id: 'abcdef123', type: 'function', function: { name: 'get_weather', arguments: given } },
  ],
  ...extra,
});
const ARGUMENTS = { place: 'Zürich', days: 3, points: [{ x: 1, y: 2.5 }], dry: true, unit: null };
const result = {
  role: 'tool',
  name: 'get_weather',
  tool_call_id: 'abcdef123',
  content: '{"sky": "clear", "°C": 21.5}',
};
const twoCalls = {
  role: 'assistant',
  content: null,
  tool_calls: [
    { id: 'call00001', type: 'function', function: { name: 'now', arguments: {} } },
    {
      id: 'call00002',
      type: 'function',
      function: { name: 'get_weather', arguments: { place: 'Bern' } },
    },
  ],
};
const results = [
  { role: 'tool', name: 'now', tool_call_id: 'call00001', content: '12:00' },
  { role: 'tool', name: 'get_weather', tool_call_id: 'call00002', content: 'rain' },
];

const CONVERSATIONS: Readonly<
  Record<string, { messages: readonly object[]; [more: string]: unknown }>
> = {
  'one turn': { messages: [user] },
  'system and turns': { messages: [system, user, reply, again] },
  'ends with the assistant': { messages: [user, reply] },
  'two of the user': { messages: [user, again] },
  'parts of text': {
    messages: [
      textParts('system', 'Be kind.'),
      textParts('user', 'Hi'),
      textParts('assistant', 'Yes'),
      textParts('user', 'Bye'),
    ],
  },
  pictures: { messages: [system, parts, reply, textParts('user', 'More?')] },
  'tools offered': { messages: [system, user], tools: [WEATHER, CLOCK] },
  'tools offered without a system': { messages: [user, reply, again], tools: [WEATHER] },
  'no tools': { messages: [system, user], tools: [] },
  'a call and its result': { messages: [system, user, calls(ARGUMENTS), result], tools: [WEATHER] },
  'arguments as text': {
    messages: [user, calls(JSON.stringify(ARGUMENTS)), result, reply, again],
    tools: [WEATHER, CLOCK],
  },
  'two calls': { messages: [user, twoCalls, ...results, reply, again], tools: [CLOCK, WEATHER] },
  'a call with words': {
    messages: [user, calls(ARGUMENTS, { content: 'I look.' }), result],
    tools: [WEATHER],
  },
  documents: { messages: [system, user], documents: DOCUMENTS },
  'thoughts in the words': { messages: [user, thought, again] },
  'thoughts apart': { messages: [user, reasoned, again] },
  'thoughts and calls': {
    messages: [user, calls(ARGUMENTS, { reasoning_content: 'I need it.' }), result],
    tools: [WEATHER],
  },
  'thinking off': { messages: [system, user], enable_thinking: false },
  'thinking on': {
    messages: [user, reply, again],
    enable_thinking: true,
    reasoning_effort: 'high',
    thinking: true,
  },
  'empty words': {
    messages: [{ role: 'system', content: '' }, user, { role: 'assistant', content: '' }, again],
  },
  'an unknown role': { messages: [user, { role: 'narrator', content: 'Meanwhile.' }, again] },
};

export interface Case {
  readonly name: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Every conversation with and without the generation prompt, and one without named tokens. */
export function chatCases(): Case[] {
  const tokens = { bos_token: '<s>', eos_token: '</s>', pad_token: '<pad>', unk_token: '<unk>' };
  const cases = Object.entries(CONVERSATIONS).flatMap(([name, given]) =>
    [true, false].map((add_generation_prompt) => ({
      name: `${name}${add_generation_prompt ? ', asked' : ''}`,
      variables: { tools: null, documents: null, ...given, add_generation_prompt, ...tokens },
    })),
  );
  const bare = { tools: null, documents: null, add_generation_prompt: true };
  return [
    ...cases,
    { name: 'no named tokens', variables: { messages: [system, user, reply, again], ...bare } },
  ];
}
