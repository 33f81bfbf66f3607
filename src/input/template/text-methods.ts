/** Methods of Python's str. */
import { bind, indexOf, textOf } from './arguments.ts';
import { capitalise, lower, swapCase, TEXT_TESTS, titled, upper } from './case.ts';
import { fail } from './failure.ts';
import { iterable } from './iterate.ts';
import { refuse } from './refuse.ts';
import {
  characters,
  charactersBefore,
  lengthOf,
  sliceText,
  splitLines,
  stripEnd,
  stripStart,
} from './text.ts';
import { splitText, splitTextFromEnd } from './text-split.ts';
import { type Arguments, is, tuple, typeName, type Value } from './values.ts';

type Method = (text: string, given: Arguments) => Value;

const WIDEST = 1_000_000;

/** Those that have no arguments. */
function bare(name: string, change: (text: string) => Value): [string, Method] {
  return [
    name,
    (text, given) => {
      bind(name, given, []);
      return change(text);
    },
  ];
}

function stripping(name: string, strip: (text: string, strips?: string) => string): Method {
  return (text, given) => {
    const { chars = null } = bind(name, given, [], ['chars/']);
    return chars === null ? strip(text) : strip(text, textOf(chars, `${name} arg`));
  };
}

function splitting(
  name: string,
  split: (text: string, by: string | null, most: number) => string[],
): Method {
  return (text, given) => {
    const { sep = null, maxsplit = -1n } = bind(name, given, [], ['sep', 'maxsplit']);
    const by = sep === null ? null : textOf(sep, 'sep');
    if (by === '') return fail('empty separator');
    return split(text, by, indexOf(maxsplit, 'maxsplit'));
  };
}

/** The part between two places, either of which may be left out or count from the end. */
function part(text: string, { start = null, end = null }: { start?: Value; end?: Value }) {
  const length = lengthOf(text);
  const place = (value: Value, otherwise: number) => {
    if (value === null) return otherwise;
    const at = indexOf(value, 'slice indices');
    return Math.max(0, at < 0 ? at + length : at);
  };
  const from = place(start, 0);
  const to = Math.min(length, place(end, length));
  return { from, length, within: from > to ? undefined : sliceText(text, from, to) };
}

function finding(
  name: string,
  find: (within: string, sought: string) => number,
  lacking: () => bigint,
): Method {
  return (text, given) => {
    const { sub, ...limits } = bind(name, given, ['sub/'], ['start/', 'end/']);
    const { from, within } = part(text, limits);
    const at = within === undefined ? -1 : find(within, textOf(sub, 'must be str: sub'));
    return at < 0 || within === undefined ? lacking() : BigInt(from + charactersBefore(within, at));
  };
}

const notFound = () => fail('substring not found');
const first = (within: string, sought: string) => within.indexOf(sought);
const last = (within: string, sought: string) => within.lastIndexOf(sought);

function affixed(name: string, has: (within: string, affix: string) => boolean): Method {
  return (text, given) => {
    const { prefix, ...limits } = bind(name, given, ['prefix/'], ['start/', 'end/']);
    const { within } = part(text, limits);
    const affixes = is(prefix, 'tuple') ? prefix.items : [prefix];
    const texts = affixes.map((affix) => textOf(affix, `${name} first arg`));
    return within !== undefined && texts.some((affix) => has(within, affix));
  };
}

function replaceText(text: string, given: Arguments): string {
  const { old, new: by, count = -1n } = bind('replace', given, ['old/', 'new/'], ['count/']);
  return replaced(text, textOf(old, 'old'), textOf(by, 'new'), indexOf(count, 'count'));
}

/** At most `most` times where that is not negative. An empty text stands before every character and at the end. */
export function replaced(text: string, old: string, by: string, most: number): string {
  const pieces = old === '' ? ['', ...characters(text), ''] : text.split(old);
  const cuts = most < 0 ? pieces.length - 1 : Math.min(most, pieces.length - 1);
  if (text.length + cuts * by.length > 16 * WIDEST) return refuse('a very long text');
  const glue = (i: number) => (i > cuts ? old : by);
  return pieces.reduce((out, piece, i) => (i === 0 ? piece : out + glue(i) + piece), '');
}

function counted(text: string, given: Arguments): bigint {
  const { sub, ...limits } = bind('count', given, ['sub/'], ['start/', 'end/']);
  const { within } = part(text, limits);
  const sought = textOf(sub, 'must be str: sub');
  if (within === undefined) return 0n;
  return BigInt(sought === '' ? lengthOf(within) + 1 : within.split(sought).length - 1);
}

function joined(text: string, given: Arguments): string {
  const { iterable: items } = bind('join', given, ['iterable/']);
  const texts: string[] = [];
  for (const item of iterable(items)) {
    if (typeof item === 'string') texts.push(item);
    else if (is(item, 'markup')) return refuse('join of escaped text');
    else
      return fail(`sequence item ${texts.length}: expected str instance, ${typeName(item)} found`);
  }
  return texts.join(text);
}

function partitioned(name: string, find: (within: string, sought: string) => number): Method {
  return (text, given) => {
    const { sep } = bind(name, given, ['sep/']);
    const by = textOf(sep, 'sep');
    if (by === '') return fail('empty separator');
    const at = find(text, by);
    if (at < 0) return tuple(name === 'partition' ? [text, '', ''] : ['', '', text]);
    return tuple([text.slice(0, at), by, text.slice(at + by.length)]);
  };
}

type Justify = (space: number, width: number) => readonly [left: number, right: number];

function justified(name: string, justify: Justify): Method {
  return (text, given) => {
    const { width = 0n, fillchar = ' ' } = bind(name, given, ['width/'], ['fillchar/']);
    const fill = textOf(fillchar, 'the fill character');
    if (lengthOf(fill) !== 1) return fail('The fill character must be exactly one character long');
    const wanted = indexOf(width, 'width');
    if (wanted > WIDEST) return refuse(`a text wider than ${WIDEST}`);
    const space = wanted - lengthOf(text);
    if (space <= 0) return text;
    const [left, right] = justify(space, wanted);
    return fill.repeat(left) + text + fill.repeat(right);
  };
}

/** Python's middle: an odd space is longer on the left only where the width is odd. */
const middle: Justify = (space, width) => {
  const left = Math.floor(space / 2) + (space & width & 1);
  return [left, space - left];
};

function zeroFilled(text: string, given: Arguments): string {
  const { width = 0n } = bind('zfill', given, ['width/']);
  const space = indexOf(width, 'width') - lengthOf(text);
  if (space <= 0) return text;
  if (space > WIDEST) return refuse(`a text wider than ${WIDEST}`);
  const sign = /^[+-]/.test(text) ? text.charAt(0) : '';
  return sign + '0'.repeat(space) + text.slice(sign.length);
}

function without(name: string, cut: (text: string, affix: string) => string): Method {
  return (text, given) => {
    const { prefix } = bind(name, given, ['prefix/']);
    return cut(text, textOf(prefix, `${name}() argument`));
  };
}

export const TEXT_METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  bare('upper', upper),
  bare('lower', lower),
  bare('capitalize', capitalise),
  bare('title', titled),
  bare('swapcase', swapCase),
  ...TEXT_TESTS.map(([name, test]) => bare(name, test)),
  ['strip', stripping('strip', (text, strips) => stripEnd(stripStart(text, strips), strips))],
  ['lstrip', stripping('lstrip', stripStart)],
  ['rstrip', stripping('rstrip', stripEnd)],
  ['split', splitting('split', splitText)],
  ['rsplit', splitting('rsplit', splitTextFromEnd)],
  [
    'splitlines',
    (text, given) => {
      const { keepends = false } = bind('splitlines', given, [], ['keepends']);
      return splitLines(text, indexOf(keepends, 'keepends') !== 0);
    },
  ],
  ['find', finding('find', first, () => -1n)],
  ['rfind', finding('rfind', last, () => -1n)],
  ['index', finding('index', first, notFound)],
  ['rindex', finding('rindex', last, notFound)],
  ['startswith', affixed('startswith', (within, affix) => within.startsWith(affix))],
  ['endswith', affixed('endswith', (within, affix) => within.endsWith(affix))],
  ['replace', replaceText],
  ['count', counted],
  ['join', joined],
  ['partition', partitioned('partition', first)],
  ['rpartition', partitioned('rpartition', last)],
  ['center', justified('center', middle)],
  ['ljust', justified('ljust', (space) => [0, space])],
  ['rjust', justified('rjust', (space) => [space, 0])],
  ['zfill', zeroFilled],
  [
    'removeprefix',
    without('removeprefix', (text, affix) =>
      text.startsWith(affix) ? text.slice(affix.length) : text,
    ),
  ],
  [
    'removesuffix',
    without('removesuffix', (text, affix) =>
      affix !== '' && text.endsWith(affix) ? text.slice(0, -affix.length) : text,
    ),
  ],
]);

/** Those of str that are refused. */
export const REFUSED_TEXT_METHODS: ReadonlySet<string> = new Set([
  'casefold',
  'encode',
  'expandtabs',
  'format_map',
  'maketrans',
  'translate',
]);
