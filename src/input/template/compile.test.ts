import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnsupportedTemplateError } from '../../contracts/errors.ts';
import { compileTemplate } from './compile.ts';
import { TemplateFailure } from './failure.ts';
import { fromData } from './from-data.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);
const compile = (source: string) => compileTemplate(source, { now: () => new Date(0) });
const render = (source: string, variables: Readonly<Record<string, unknown>> = {}) =>
  compile(source)(
    new Map(Object.entries(variables).map(([name, value]) => [name, fromData(value)])),
  );

describe('a construct that is not supported', () => {
  it('is named with its line, once it is reached', () => {
    const source = 'a\n{% if yes %}\n{{ lipsum() }}{% endif %}';
    expect(render(source, { yes: false })).toBe('a\n');
    expect(() => render(source, { yes: true })).toThrow(UnsupportedTemplateError);
    expect(() => render(source, { yes: true })).toThrow(
      expect.objectContaining({ construct: 'lipsum()', line: 3 }),
    );
  });

  it.each(['{% include "a" %}', '{% block a %}{% endblock %}', '{{ "\\N{DASH}" }}', '{{ é }}'])(
    'in the text itself is found when it is compiled: %s',
    (source) => {
      expect(() => compile(source)).toThrow(UnsupportedTemplateError);
    },
  );
});

describe('what jinja2 fails on', () => {
  it('is a failure with its line', () => {
    const source = "a\n\n{{ raise_exception('No.') }}";
    expect(() => render(source)).toThrow(TemplateFailure);
    expect(() => render(source)).toThrow(expect.objectContaining({ message: 'No.', line: 3 }));
    expect(() => compile('a\n{% if %}')).toThrow(expect.objectContaining({ line: 2 }));
  });
});

describe('a template without end', () => {
  it.each([
    '{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}',
    '{% set ns = namespace(x="ab") %}{% for i in range(999) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}',
    '{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}',
    '{% set ns = namespace(x=3) %}{% for i in range(999) %}{% set ns.x = ns.x * ns.x %}{% endfor %}',
    '{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}',
    '{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}',
    '{% set a = "a" * 999999 %}{% for i in range(99999) %}{{ a.replace("a", "b") | length }}{% endfor %}',
    '{{ "a" * 99999999999 }}{{ 9 ** 9999999 }}{{ "a".rjust(99999999999) }}',
    `{{ ${'('.repeat(9999)}1${')'.repeat(9999)} }}`,
    '{% if true %}'.repeat(9999) + '{% endif %}'.repeat(9999),
  ])('is refused: %s', (source) => {
    expect(() => render(source)).toThrow(UnsupportedTemplateError);
  });
});

describe('any text', () => {
  const pieces = ['{{', '}}', '{%', '%}', '{#', '#}', '-', '(', ')', '[', ']', '{', '}', "'", '"'];
  const words = ['for', 'in', 'if', 'endif', 'endfor', 'set', 'x', '|', '.', '1', '\\', ' ', '\n'];
  const source = fc
    .array(fc.oneof(fc.constantFrom(...pieces, ...words), fc.string({ maxLength: 3 })))
    .map((parts) => parts.join(''));

  it('is a template, or fails by one of the two errors', () => {
    const property = fc.property(source, (text) => {
      try {
        expect(typeof render(text, { x: [1] })).toBe('string');
      } catch (error) {
        const known = error instanceof TemplateFailure || error instanceof UnsupportedTemplateError;
        if (!known) throw error;
      }
    });
    fc.assert(property, { numRuns });
  });

  it('without tags comes out as it is, but for line ends', () => {
    const plain = fc.string({ unit: 'binary' }).map((text) => text.replace(/[{\r]/g, ''));
    const property = fc.property(plain, (text) => {
      expect(render(text)).toBe(text.replace(/\n$/, ''));
    });
    fc.assert(property, { numRuns });
  });

  it('handed over comes out as it is', () => {
    const property = fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(render('{{ x }}', { x: text })).toBe(text);
      expect(render("{{ x | replace('', '') }}{{ x[:0] ~ x[0:] }}", { x: text })).toBe(text + text);
    });
    fc.assert(property, { numRuns });
  });
});

it('writes what JSON holds as JSON does', () => {
  const property = fc.property(fc.jsonValue(), (value) => {
    const data = JSON.parse(JSON.stringify(value));
    expect(JSON.parse(render('{{ x | tojson }}', { x: data }))).toEqual(data);
    expect(render('{{ x == y }}', { x: data, y: structuredClone(data) })).toBe('True');
  });
  fc.assert(property, { numRuns });
});

it('leaves the data as it was', () => {
  const data = { list: [3, 1], table: { a: [1] } };
  render('{{ list | sort }}{{ list.append is defined }}{% set list = [] %}', data);
  expect(data).toEqual({ list: [3, 1], table: { a: [1] } });
});
