import { bind, indexOf, textOf } from '../arguments.ts';
import { capitalise, lower, upper } from '../case.ts';
import { fail } from '../failure.ts';
import { truth } from '../iterate.ts';
import { escapeMarkup, markup } from '../markup.ts';
import { percentFormat } from '../percent-format.ts';
import { toText } from '../print.ts';
import { refuse } from '../refuse.ts';
import type { Filter } from '../runtime.ts';
import { lengthOf, SPACE, sliceText, splitLines, stripEnd, stripStart } from '../text.ts';
import { replaced, TEXT_METHODS } from '../text-methods.ts';
import { splitTextFromEnd } from '../text-split.ts';
import { type Arguments, is, tuple, type Value } from '../values.ts';

/** As text; escaped text would stay escaped, so it is refused. */
function soft(value: Value, filter: string): string {
  return is(value, 'markup') ? refuse(`"${filter}" of escaped text`) : toText(value);
}

function changing(name: string, change: (text: string) => Value): [string, Filter] {
  return [name, (given) => change(soft(bind(name, given, ['s']).s, name))];
}

const WORD_BEGINNINGS = new RegExp(`([-${SPACE}({\\[<]+)`);

/** A capital behind spaces, hyphens and opening brackets. */
function title(text: string): string {
  return text
    .split(WORD_BEGINNINGS)
    .map((piece) => {
      const [first = '', ...rest] = Array.from(piece);
      return upper(first) + lower(rest.join(''));
    })
    .join('');
}

const trim: Filter = (given) => {
  const { value, chars = null } = bind('trim', given, ['value'], ['chars']);
  const strips = chars === null ? undefined : textOf(chars, 'strip arg');
  return stripEnd(stripStart(soft(value, 'trim'), strips), strips);
};

const replace: Filter = (given) => {
  const { s, old, new: by, count = null } = bind('replace', given, ['s', 'old', 'new'], ['count']);
  const most = count === null ? -1 : indexOf(count, 'count');
  return replaced(toText(s), toText(old), toText(by), most);
};

const indent: Filter = (given) => {
  const {
    s,
    width = 4n,
    first = false,
    blank = false,
  } = bind('indent', given, ['s'], ['width', 'first', 'blank']);
  if (typeof s !== 'string')
    return is(s, 'markup') ? refuse('"indent" of escaped text') : fail('indent needs text');
  const space = typeof width === 'string' ? width : ' '.repeat(Math.max(0, widthOf(width)));
  const all = truth(blank);
  const lines = splitLines(`${s}\n`);
  const indented = lines.map((line, i) => (i > 0 && (all || line !== '') ? space + line : line));
  return (truth(first) ? space : '') + indented.join('\n');
};

function widthOf(value: Value): number {
  const width = indexOf(value, 'width');
  return width > 1_000_000 ? refuse('a width above a million') : width;
}

const center: Filter = (given) => {
  const { value, width = 80n } = bind('center', given, ['value'], ['width']);
  const centre = TEXT_METHODS.get('center');
  return centre?.(soft(value, 'center'), { positional: [width], named: new Map() }) ?? null;
};

const truncate: Filter = (given) => {
  const read = bind('truncate', given, ['s'], ['length', 'killwords', 'end', 'leeway']);
  const { s = null, length = 255n, killwords = false, end = '...', leeway = null } = read;
  const [text, tail] = [textOf(s, 'truncate'), textOf(end, 'end')];
  const most = indexOf(length, 'length');
  const spare = leeway === null ? 5 : indexOf(leeway, 'leeway');
  if (most < lengthOf(tail) || spare < 0) return fail('length must be at least that of the end');
  if (lengthOf(text) <= most + spare) return text;
  const cut = sliceText(text, 0, most - lengthOf(tail));
  return (truth(killwords) ? cut : (splitTextFromEnd(cut, ' ', 1)[0] ?? '')) + tail;
};

const format: Filter = ({ positional: [value = null, ...rest], named }) => {
  if (rest.length > 0 && named.size > 0) {
    return fail("can't handle positional and keyword arguments at the same time");
  }
  return percentFormat(soft(value, 'format'), named.size > 0 ? dictOfNamed(named) : tuple(rest));
};

function dictOfNamed(named: Arguments['named']): Value {
  const entries = new Map<unknown, readonly [Value, Value]>();
  for (const [name, value] of named) entries.set(`s${name}`, [name, value]);
  return { kind: 'dict', entries };
}

const escaping: Filter = (given) => escapeMarkup(bind('escape', given, ['s']).s);

/** Of text alone; slashes stay. */
const urlencode: Filter = (given) => {
  const { value } = bind('urlencode', given, ['value']);
  if (typeof value !== 'string' || /\p{Cs}/u.test(value)) {
    return refuse('"urlencode" of other than text');
  }
  const spelled = (unit: string) => `%${unit.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(value)
    .replace(/[!'()*]/g, spelled)
    .replaceAll('%2F', '/');
};

export const TEXT_FILTERS: readonly (readonly [string, Filter])[] = [
  changing('upper', upper),
  changing('lower', lower),
  changing('capitalize', capitalise),
  changing('title', title),
  changing('wordcount', (text) => BigInt(text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0)),
  ['trim', trim],
  ['replace', replace],
  ['indent', indent],
  ['center', center],
  ['truncate', truncate],
  ['format', format],
  ['escape', escaping],
  ['e', escaping],
  ['urlencode', urlencode],
  [
    'string',
    (given) => {
      const { object: value } = bind('string', given, ['object']);
      return is(value, 'markup') ? value : toText(value);
    },
  ],
  ['safe', (given) => markup(toText(bind('safe', given, ['value']).value))],
];
