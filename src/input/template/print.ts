/** `str()` and `repr()`. */
import { fail } from './failure.ts';
import { writeFloat } from './numbers.ts';
import { refuse } from './refuse.ts';
import { isList, type Opaque, type Tuple, type Value } from './values.ts';

const MAX_DEPTH = 100;
/** Python writes no longer int. */
const LONGEST_INT = 10n ** 4300n;

export function toText(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && !isList(value)) {
    if (value.kind === 'undefined') return '';
    if (value.kind === 'markup') return value.text;
  }
  return repr(value);
}

export function repr(value: Value, depth = 0): string {
  if (depth > MAX_DEPTH) return refuse(`printing what is nested deeper than ${MAX_DEPTH}`);
  const inner = (item: Value) => repr(item, depth + 1);
  if (value === null) return 'None';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return writeFloat(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'bigint') return writeInt(value);
  if (isList(value)) return `[${value.map(inner).join(', ')}]`;
  switch (value.kind) {
    case 'tuple':
      return writeTuple(value, inner);
    case 'dict':
      return `{${pairs(value.entries.values(), inner)}}`;
    case 'range':
      return `range(${value.start}, ${value.stop}${value.step === 1n ? '' : `, ${value.step}`})`;
    case 'view': {
      const items = [...value.dict.entries.values()].map(([key, item]) =>
        value.of === 'items'
          ? `(${inner(key)}, ${inner(item)})`
          : inner(value.of === 'keys' ? key : item),
      );
      return `dict_${value.of}([${items.join(', ')}])`;
    }
    case 'undefined':
      return 'Undefined';
    case 'namespace':
      return `<Namespace {${pairs(value.attributes, inner)}}>`;
    case 'markup':
      return `Markup(${quote(value.text)})`;
    case 'lazy':
      return refuse('printing a generator');
    default:
      return writeOpaque(value);
  }
}

function writeInt(value: bigint): string {
  const digits = value < 0n ? -value : value;
  if (digits >= LONGEST_INT) return fail('Exceeds the limit for integer string conversion');
  return String(value);
}

function writeTuple({ items }: Tuple, inner: (item: Value) => string): string {
  return `(${items.map(inner).join(', ')}${items.length === 1 ? ',' : ''})`;
}

function pairs(entries: Iterable<readonly [Value, Value]>, inner: (item: Value) => string): string {
  return [...entries].map(([key, item]) => `${inner(key)}: ${inner(item)}`).join(', ');
}

function writeOpaque({ what, text }: Opaque): string {
  return text === undefined ? refuse(`printing ${what}`) : text();
}

const HIDDEN = /[\p{C}\p{Z}]/u;
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** In single quotes, unless only double ones spare escapes; what Python takes as not printable is escaped. */
function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = mark;
  for (const character of text) {
    if (character === mark) out += `\\${mark}`;
    else out += ESCAPES[character] ?? (isPrintable(character) ? character : escaped(character));
  }
  return out + mark;
}

/** Python's `str.isprintable` of one character. */
export function isPrintable(character: string): boolean {
  return character === ' ' || !HIDDEN.test(character);
}

function escaped(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  if (hex.length <= 2) return `\\x${hex.padStart(2, '0')}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
