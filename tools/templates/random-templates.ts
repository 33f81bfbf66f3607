/** Templates drawn from a grammar: mostly of sense, now and then of none. */
import fc from 'fast-check';
import type { Topic } from '../../src/input/template/testing/snippets.ts';

/** What every drawn template is rendered with. */
export const RANDOM_VARIABLES: Readonly<Record<string, unknown>> = {
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: ' Hi <b> & "x"\n' },
    { role: 'assistant', content: "It's\n\n2.", name: null },
    { role: 'user', content: [{ type: 'image' }, { type: 'text', text: 'Été 😀' }] },
  ],
  tools: null,
  word: 'aXbXc',
  empty: '',
  n: 3,
  half: 2.5,
  items: [3, 1, 2],
  words: ['b', 'A', 'c', 'b'],
  table: { a: 1, b: [1, 2], items: 'own', c: { d: null } },
  yes: true,
};

const TEXTS = [
  'a',
  '\n',
  ' ',
  '\n  ',
  'b\n',
  '  ',
  '\t',
  '\n\n',
  '{',
  '}',
  '%',
  'é😀',
  '#',
  '\r\n',
];
const text = fc.array(fc.constantFrom(...TEXTS), { maxLength: 3 }).map((parts) => parts.join(''));
const sign = fc.constantFrom('', '', '', '-', '-', '+');
const printSign = fc.constantFrom('', '', '-');

const tag = (inside: string) =>
  fc.tuple(sign, sign).map(([before, after]) => `{%${before} ${inside} ${after}%}`);
const tagged = (inside: fc.Arbitrary<string>) => inside.chain(tag);
const join = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((all) => all.join(''));
/** Parts that fill the places of a pattern, which are written as `_`. */
const fill = (pattern: string, ...parts: fc.Arbitrary<string>[]) =>
  fc.tuple(...parts).map((all) => {
    let place = 0;
    return pattern.replace(/_/g, () => all[place++] ?? '');
  });

const NAMES = ['v', 'w', 'i', 'j', 'nothing'];
const name = fc.constantFrom(...NAMES);
const small = fc.constantFrom('0', '1', '2', '-1', '3');

/** Expressions by what they most likely give. */
const expressions = fc.letrec<
  Record<'any' | 'text' | 'number' | 'list' | 'dict' | 'truth', string>
>((tie) => {
  const { any, text, number, list, dict, truth } = {
    any: tie('any'),
    text: tie('text'),
    number: tie('number'),
    list: tie('list'),
    dict: tie('dict'),
    truth: tie('truth'),
  };
  const of = (simple: readonly string[], ...rest: fc.Arbitrary<string>[]) =>
    fc.oneof(
      { maxDepth: 2, depthSize: 'xsmall' },
      { arbitrary: fc.constantFrom(...simple), weight: 2 * rest.length },
      ...rest.map((arbitrary) => ({ arbitrary, weight: 2 })),
      { arbitrary: any, weight: 1 },
    );
  return {
    any: fc.oneof(
      { maxDepth: 2, depthSize: 'xsmall' },
      fc.oneof(
        name,
        fc.constantFrom('none', 'tools', 'loop', 'loop.index', 'loop.last', 'ns.v', 'messages'),
      ),
      text,
      number,
      list,
      dict,
      truth,
      fill('(_ if _ else _)', any, truth, any),
      fill('(_ if _)', any, truth),
      fill('(_ or _)', any, any),
      fill('(_ and _)', any, any),
      fill('_ | default(_)', any, any),
      fill('_ | default(_, true)', any, any),
      fill('_[_]', any, fc.oneof(small, fc.constantFrom("'role'", "'a'", "'items'"))),
      fill('_.a', any),
      fill('_.items', any),
      fill('_ | first', any),
      fill('_ | last', any),
    ),
    text: of(
      [
        "'x'",
        '"a b"',
        "'\\n'",
        'word',
        'empty',
        'messages[1].content',
        "'Été😀'",
        "''",
        'messages[0].role',
      ],
      fill('(_ ~ _)', any, any),
      fill('(_ + _)', text, text),
      fill('_ * _', text, small),
      fill('_ | upper', text),
      fill('_ | trim', any),
      fill('_ | title', text),
      fill('_ | capitalize', text),
      fill('_ | string', any),
      fill('_ | join(_)', any, text),
      fill('_ | replace(_, _)', any, text, text),
      fill('_ | indent', text),
      fill('_ | indent(_, true)', text, small),
      fill('_ | tojson', any),
      fill('_ | tojson(indent=_)', any, small),
      fill('_ | center(8)', text),
      fill('_.strip()', text),
      fill('_.lstrip(_)', text, text),
      fill('_.rstrip()', text),
      fill('_.upper()', text),
      fill('_.lower()', text),
      fill('_.title()', text),
      fill('_.replace(_, _)', text, text, text),
      fill('_.join(_)', text, list),
      fill('_[_:_]', text, small, small),
      fill('_[::-1]', text),
      fill("'%s|%s' % (_, _)", any, any),
      fill("'{}:{}'.format(_, _)", any, any),
      fill('_ | e', text),
      fill('_ | safe', text),
    ),
    number: of(
      ['0', '1', '2', '10', '1.5', 'n', 'half', '-3', 'loop.index0', '1e3'],
      fill('(_ + _)', number, number),
      fill('(_ - _)', number, number),
      fill('_ * _', number, number),
      fill('(_ // _)', number, number),
      fill('(_ % _)', number, number),
      fill('(_ / _)', number, number),
      fill('_ ** 2', number),
      fill('-_', number),
      fill('_ | length', any),
      fill('_ | int', any),
      fill('_ | float', any),
      fill('_ | abs', number),
      fill('_ | round', number),
      fill('_ | round(1)', number),
      fill('_ | sum', list),
      fill('_.find(_)', text, text),
      fill('_.count(_)', fc.oneof(text, list), any),
    ),
    list: of(
      [
        '[]',
        '[1, 2]',
        'items',
        'words',
        'messages',
        '(1, 2)',
        '"abc"',
        'table',
        'range(3)',
        "['b', 'a']",
      ],
      fill('[_, _]', any, any),
      fill('(_, _)', any, any),
      fill('(_ + _)', list, list),
      fill('_[_:]', list, small),
      fill('_[:_]', list, small),
      fill('_[::-1]', list),
      fill('_ | list', any),
      fill('_ | sort', list),
      fill('_ | sort(reverse=true)', list),
      fill('_ | reverse | list', list),
      fill('_ | reverse', list),
      fill('_ | unique | list', list),
      fill('_ | map("string")', list),
      fill('_ | map("upper") | list', list),
      fill("_ | map(attribute='role') | list", list),
      fill('_ | select | list', list),
      fill("_ | select('string') | list", list),
      fill("_ | reject('none')", list),
      fill("_ | selectattr('role', 'equalto', _) | list", list, text),
      fill('_ | batch(2) | list', list),
      fill('_ | dictsort', dict),
      fill('_ | items | list', dict),
      fill('_.items()', dict),
      fill('_.keys() | list', dict),
      fill('_.split()', text),
      fill('_.split(_)', text, text),
      fill('_.splitlines()', text),
      fill('range(_)', number),
      fill('_ | min', list),
    ),
    dict: of(
      ['{}', 'table', 'messages[0]', 'messages[2]', "{'a': 1}"],
      fill("{'a': _, _: _}", any, text, any),
      fill('dict(a=_)', any),
      fill('_.c', dict),
      fill('_ | first', list),
    ),
    truth: of(
      ['true', 'false', 'yes', 'loop.first', 'loop.last', 'none'],
      fill('not _', any),
      fill('(_ and _)', truth, truth),
      fill('(_ == _)', any, any),
      fill('(_ != _)', any, any),
      fill('(_ < _)', number, number),
      fill('(_ < _ <= _)', number, number, number),
      fill('(_ in _)', any, fc.oneof(list, text, dict)),
      fill('(_ not in _)', any, list),
      fill(
        '_ is _',
        any,
        fc.constantFrom(
          'defined',
          'none',
          'string',
          'mapping',
          'iterable',
          'sequence',
          'number',
          'not defined',
          'undefined',
          'boolean',
          'integer',
          'true',
        ),
      ),
      fill('_ is odd', number),
      fill('_ is divisibleby 2', number),
      fill('_ is in _', any, list),
      fill('_.startswith(_)', text, text),
      fill("_.get('a')", dict),
      fill('_.isdigit()', text),
    ),
  };
});

type Expressions = Readonly<
  Record<'any' | 'text' | 'list' | 'dict' | 'truth', fc.Arbitrary<string>>
>;

/** So plain that templates of them hardly ever fail: what is left are scopes, loops and white space. */
const plain: Expressions = {
  any: fc.oneof(
    name,
    small,
    fill('_ ~ _', name, small),
    fill("(_ or 'o')", name),
    fc.constantFrom('loop.index', 'ns.v'),
  ),
  text: fc.constantFrom("'x'", 'word'),
  list: fc.constantFrom('[1, 2]', 'items', "'ab'", '[]', 'range(3)'),
  dict: fc.constantFrom('table', "{'k': 1, 'l': 2}", '{}'),
  truth: fc.oneof(
    name,
    fill('_ is defined', name),
    fill('_ == _', name, small),
    fc.constantFrom('true', 'false', 'loop.first', 'i is odd'),
  ),
};

const print = ({ any }: Expressions) =>
  fc
    .tuple(printSign, any, printSign)
    .map(([before, inside, after]) => `{{${before} ${inside} ${after}}}`);

/** `loops` says whether `break` would have one to leave. */
function body(of: Expressions, depth: number, loops: boolean): fc.Arbitrary<string> {
  return fc
    .array(
      fc.oneof(
        { arbitrary: text, weight: 3 },
        { arbitrary: print(of), weight: 3 },
        { arbitrary: statement(of, depth, loops), weight: 4 },
      ),
      { maxLength: depth > 1 ? 4 : 3 },
    )
    .map((parts) => parts.join(''));
}

function statement(of: Expressions, depth: number, loops: boolean): fc.Arbitrary<string> {
  const { any, list, truth, dict, text: textual } = of;
  const set = tagged(fill('set _ = _', name, any));
  const simple: fc.Arbitrary<string>[] = [
    set,
    tagged(fill('set ns.v = _', any)),
    tagged(fill('set _, _ = _', name, name, list)),
    fc.constantFrom('{# note #}', '{#- note -#}', '{# note #}\n', '{% raw %}{{ x }}{% endraw %}\n'),
    ...(loops
      ? [
          tag('break'),
          tag('continue'),
          fill('__', tagged(fill('if _', truth)), join(tag('continue'), tag('endif'))),
        ]
      : []),
  ];
  if (depth === 0) return fc.oneof(...simple);
  const inner = body(of, depth - 1, loops);
  const looped = body(of, depth - 1, true);
  const called = body(of, depth - 1, false);
  return fc.oneof(
    { arbitrary: fc.oneof(...simple), weight: 3 },
    { arbitrary: join(tagged(fill('if _', truth)), inner, tag('endif')), weight: 3 },
    join(tagged(fill('if _', truth)), inner, tag('else'), inner, tag('endif')),
    join(tagged(fill('if _', truth)), inner, tagged(fill('elif _', any)), inner, tag('endif')),
    { arbitrary: join(tagged(fill('for _ in _', name, list)), looped, tag('endfor')), weight: 3 },
    join(tagged(fill('for _ in _ if _', name, list, truth)), looped, tag('endfor')),
    join(
      tagged(fill('for _, _ in _', name, name, fc.oneof(fill('_.items()', dict), list))),
      looped,
      tag('endfor'),
    ),
    join(tagged(fill('for _ in _', name, list)), looped, tag('else'), inner, tag('endfor')),
    join(tagged(fill('set _', name)), inner, tag('endset')),
    join(
      tagged(fill('set _ | _', name, fc.constantFrom('upper', 'trim', 'length'))),
      inner,
      tag('endset'),
    ),
    join(tagged(fill('with _ = _', name, any)), inner, tag('endwith')),
    join(tag('filter upper'), inner, tag('endfilter')),
    join(tag('generation'), called, tag('endgeneration')),
    join(tagged(fill('macro m(_, j=_)', name, any)), called, tag('endmacro'), print(of)),
    fill('{{ m(_) }}', any),
    fill('{{ m(_, j=_) }}', any, textual),
  );
}

/** Templates for `RANDOM_VARIABLES`; the same seed draws the same ones. */
export function drawTemplates(count: number, seed: number): string[] {
  const begin = fc.constantFrom(
    '',
    '{% set ns = namespace(v=0) %}',
    '{% set ns = namespace(v=0) %}{% macro m(i, j=2) %}({{ i }}{{ j }}){% endmacro %}',
  );
  const drawn = fc.oneof(body(expressions, 3, false), body(plain, 3, false));
  return fc.sample(join(begin, drawn), { numRuns: count, seed });
}

/** Drawn ones among the goldens: few and short. */
export function drawTopic(): Topic {
  const kept = drawTemplates(1200, 1).filter(({ length }) => length > 0 && length <= 300);
  const snippets = [...new Set(kept)].slice(0, 300).map((template) => ({ template }));
  return { name: RANDOM_TOPIC, variables: RANDOM_VARIABLES, snippets };
}

export const RANDOM_TOPIC = 'random';
