/** `tojson` as Hugging Face has it: Python's `json.dumps`, with letters of all scripts as they are. */
import { bind } from './arguments.ts';
import { fail } from './failure.ts';
import { truth } from './iterate.ts';
import { writeFloat } from './numbers.ts';
import { refuse } from './refuse.ts';
import { orderText } from './text.ts';
import { type Arguments, type Dict, is, isList, typeName, type Value } from './values.ts';

const MAX_DEPTH = 100;

interface Style {
  readonly ascii: boolean;
  /** What a level is indented by; undefined for one line. */
  readonly indent: string | undefined;
  readonly between: string;
  readonly colon: string;
  readonly sorted: boolean;
}

export function toJson(given: Arguments): string {
  const read = bind('tojson', given, ['x'], ['ensure_ascii', 'indent', 'separators', 'sort_keys']);
  const { ensure_ascii = false, indent = null, separators = null, sort_keys = false } = read;
  const [between, colon] =
    separators === null ? [indent === null ? ', ' : ',', ': '] : textsOf(separators);
  const style: Style = {
    ascii: truth(ensure_ascii),
    indent: indentOf(indent),
    between: between ?? ', ',
    colon: colon ?? ': ',
    sorted: truth(sort_keys),
  };
  return write(read.x ?? null, style, 0);
}

function textsOf(separators: Value): string[] {
  const items = isList(separators) ? separators : is(separators, 'tuple') ? separators.items : [];
  const texts = items.filter((item) => typeof item === 'string');
  return texts.length === 2 && items.length === 2 ? texts : fail('separators must be two texts');
}

function indentOf(indent: Value): string | undefined {
  if (indent === null || typeof indent === 'string') return indent ?? undefined;
  if (typeof indent !== 'bigint' && typeof indent !== 'boolean') {
    return fail(`indent must be an int or a text, not ${typeName(indent)}`);
  }
  return Number(indent) > 1000
    ? refuse('an indent above 1000')
    : ' '.repeat(Math.max(0, Number(indent)));
}

function write(value: Value, style: Style, depth: number): string {
  if (depth > MAX_DEPTH) return refuse(`tojson of what is nested deeper than ${MAX_DEPTH}`);
  if (value === null) return 'null';
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value === 'string') return quote(value, style.ascii);
  if (isList(value))
    return block(
      '[',
      ']',
      value.map((item) => write(item, style, depth + 1)),
      style,
      depth,
    );
  if (value.kind === 'tuple') return write(value.items, style, depth);
  if (value.kind === 'markup') return quote(value.text, style.ascii);
  if (value.kind === 'dict') return block('{', '}', writePairs(value, style, depth), style, depth);
  return fail(`Object of type ${typeName(value)} is not JSON serializable`);
}

function writeNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return writeFloat(value);
}

function writePairs({ entries }: Dict, style: Style, depth: number): string[] {
  const pairs = [...entries.values()];
  if (style.sorted) {
    if (!pairs.every(([key]) => typeof key === 'string'))
      return refuse('sorting keys that are no texts');
    pairs.sort(([a], [b]) => orderText(a as string, b as string));
  }
  return pairs.map(
    ([key, item]) => quote(keyText(key), style.ascii) + style.colon + write(item, style, depth + 1),
  );
}

function keyText(key: Value): string {
  if (typeof key === 'string') return key;
  if (key === null || typeof key === 'boolean' || typeof key === 'bigint')
    return write(key, PLAIN, 0);
  if (typeof key === 'number') return writeNumber(key);
  return fail(`keys must be str, int, float, bool or None, not ${typeName(key)}`);
}

const PLAIN: Style = { ascii: false, indent: undefined, between: ', ', colon: ': ', sorted: false };

function block(
  open: string,
  close: string,
  items: readonly string[],
  { indent, between }: Style,
  depth: number,
): string {
  if (items.length === 0) return open + close;
  if (indent === undefined) return open + items.join(between) + close;
  const line = `\n${indent.repeat(depth + 1)}`;
  return `${open}${line}${items.join(between + line)}\n${indent.repeat(depth)}${close}`;
}

const SPECIAL = /["\\\p{Cc}]/gu;
const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

const spelled = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

function quote(text: string, ascii: boolean): string {
  const escaped = text.replace(
    SPECIAL,
    (unit) => SHORT[unit] ?? (unit < ' ' ? spelled(unit) : unit),
  );
  return `"${ascii ? escaped.replace(/[\x7f-\uffff]/g, spelled) : escaped}"`;
}
