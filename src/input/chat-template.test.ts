import { describe, expect, it } from 'vitest';
import { ChatTemplateError } from '../contracts/errors.ts';
import { createChatTemplate } from './chat-template.ts';
import { type NormalMessage, normaliseMessages } from './messages.ts';
import { textFixtures } from './testing/text-fixtures.ts';

const now = () => new Date(2026, 1, 3);
const namedTokens = { bos_token: '<s>', eos_token: '</s>' };
const open = (source: string) => createChatTemplate(source, { namedTokens, now });

const chat: NormalMessage[] = normaliseMessages([
  { role: 'system', content: 'Be brief.' },
  {
    role: 'user',
    content: [
      { type: 'image', image: 'a.png' },
      { type: 'text', text: 'One?' },
    ],
  },
  { role: 'assistant', content: 'Yes.' },
  { role: 'user', content: 'Two?' },
]).messages;
const one = normaliseMessages([{ role: 'user', content: 'Hi' }]).messages;
const render = (source: string, messages = one, addGenerationPrompt = true) =>
  open(source)(messages, { addGenerationPrompt });

describe.each(textFixtures)('$name', ({ cases, template }) => {
  it.each(cases)('renders case $name as Hugging Face does', ({ messages, prompt }) => {
    const given = messages.map(({ role, content }) => ({
      role,
      content: content.map((part) => (part.type === 'image' ? { ...part, image: 'x.png' } : part)),
    }));
    const text = template(normaliseMessages(given).messages, { addGenerationPrompt: true });
    expect(text).toBe(prompt);
  });
});

describe('what templates may use', () => {
  it.each([
    ['generation blocks', '{% generation %}{{ "a" }}{% endgeneration %}\nb', 'ab'],
    ['named tokens', '{{ bos_token }}a{{ eos_token }}', '<s>a</s>'],
    ['the generation flag', '{% if add_generation_prompt %}A:{% endif %}', 'A:'],
    ['the clock', "{{ strftime_now('%d %b %Y') }}", '03 Feb 2026'],
    ['tojson', '{{ {"a": [1, "é<"]} | tojson }}', '{"a": [1, "é<"]}'],
    [
      'loop controls',
      '{% for i in range(4) %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %}',
      '01',
    ],
    ['ranges with steps', '{{ range(5, 0, -2) | join(",") }}', '5,3,1'],
    ['namespaces', '{% set ns = namespace(n=1) %}{% set ns.n = 2 %}{{ ns.n }}', '2'],
    [
      'constants in both spellings',
      '{{ none is none and None is none and True and not false }}',
      'True',
    ],
    ['trimmed blocks', '  {% if true %}\nb\n  {% endif %}\n', 'b\n'],
  ])('%s', (_, source, text) => {
    expect(render(source)).toBe(text);
  });

  it('can leave the generation prompt out', () => {
    expect(render('{{ add_generation_prompt }}', one, false)).toBe('False');
  });
});

describe('content is given', () => {
  const inEach = (body: string) => `{% for m in messages %}${body}{% endfor %}`;

  it('as parts to templates that go over parts', () => {
    const source = inEach(
      "{% for p in m.content %}{{ '<image>' if p.type == 'image' else p.text }}{% endfor %}|",
    );
    expect(render(source, chat)).toBe('Be brief.|<image>One?|Yes.|Two?|');
  });

  it('as it was given to templates that read both forms', () => {
    const source = inEach(
      '{% if m.content is string %}S{{ m.content }}{% else %}{{ m.content[-1].text }}{% endif %}|',
    );
    expect(render(source, chat)).toBe('SBe brief.|One?|SYes.|STwo?|');
    const parts = [{ type: 'text', text: 'Hi' }];
    expect(render(source, normaliseMessages([{ role: 'user', content: parts }]).messages)).toBe(
      'Hi|',
    );
  });

  it.each([
    ['print it', inEach('{{ m.content }}|')],
    ['join it', inEach("{{ '' + m.content + '|' }}")],
    ['trim it', inEach('{{ m.content | trim }}|')],
    ['upper-case roles beside it', inEach('{{ (m.content) }}{{ "|" }}')],
    ['write it as JSON', inEach('{{ (m.content | tojson)[1:-1] }}|')],
  ])('as a string to templates that %s', (_, source) => {
    expect(render(source, chat)).toBe('Be brief.|One?|Yes.|Two?|');
  });

  it('by role: a string for the system, parts for the others', () => {
    const source = inEach(
      "{% if m.role == 'system' %}{{ m.content | trim }}{% else %}{% for p in m.content %}{{ p.text }}{% endfor %}{% endif %}|",
    );
    expect(render(source, chat)).toBe('Be brief.|One?|Yes.|Two?|');
  });

  it('as lines of one string where a message has several texts', () => {
    const parts = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ];
    const { messages } = normaliseMessages([{ role: 'user', content: parts }]);
    expect(render(inEach('{{ m.content }}'), messages)).toBe('a\nb');
  });
});

describe('tools and documents', () => {
  const environment = [
    '{{- bos_token }}',
    '{%- if tools is not none %}',
    "    {{- '[system]Environment: ipython' + eos_token }}",
    '{%- endif %}',
    '{%- for m in messages %}',
    "    {{- '[' + m['role'] + ']' + m['content'] + eos_token }}",
    '{%- endfor %}',
  ].join('\n');

  it('are none where there are none', () => {
    expect(render(environment)).toBe('<s>[user]Hi</s>');
    expect(render('{{ tools is none }}{{ documents is none }}')).toBe('TrueTrue');
  });

  it('come to the template as they are given', () => {
    const tools = [{ type: 'function', function: { name: 'now', parameters: { b: 1, a: ['é'] } } }];
    const documents = [{ title: 'T', text: 'x < y' }];
    const text = open('{{ tools | tojson }}{{ documents[0].text }}')(one, {
      addGenerationPrompt: true,
      tools,
      documents,
    });
    expect(text).toBe(
      '[{"type": "function", "function": {"name": "now", "parameters": {"b": 1, "a": ["é"]}}}]x < y',
    );
  });
});

it('strips what it is told to strip, and keeps an indentation', () => {
  const source =
    "{% for m in messages %}{{ m['content'].split('</think>')[-1].lstrip('\\n') }}|{% endfor %}";
  const given = [
    { role: 'user', content: 'Write the body.' },
    { role: 'assistant', content: '<think>\nplan\n</think>\n\n    return x' },
    { role: 'user', content: 'More?' },
  ];
  expect(render(source, normaliseMessages(given).messages)).toBe(
    'Write the body.|    return x|More?|',
  );
});

describe('broken templates', () => {
  it.each([
    ['an open block', '{% if true %}'],
    ['an open expression', '{{ "a"'],
    ['an unknown tag', '{% frobnicate %}'],
  ])('%s is found at load', (_, source) => {
    expect(() => open(source)).toThrow(ChatTemplateError);
    expect(() => open(source)).toThrow('The chat template is broken');
  });

  it('that refuse the messages say why', () => {
    const source = "{{ raise_exception('No system turns, please.') }}";
    expect(() => render(source)).toThrow(ChatTemplateError);
    expect(() => render(source)).toThrow(
      "The chat template can't render these messages: No system turns, please",
    );
  });

  it('that use unknown filters or dates say why', () => {
    expect(() => open('{{ 3 | frobnicate }}')).toThrow(/frobnicate/);
    expect(() => render("a\n{{ strftime_now('%Q') }}")).toThrow(
      'uses the date format "%Q" in line 2, which is not supported',
    );
  });
});
