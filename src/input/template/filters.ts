/** The filters of jinja2 with Hugging Face's `tojson`. */
import { attribute, attributeOf } from './access.ts';
import { bind } from './arguments.ts';
import { CHOICE_FILTERS } from './filters/choose.ts';
import { ITEM_FILTERS } from './filters/items.ts';
import { NUMBER_FILTERS } from './filters/numbers.ts';
import { TEXT_FILTERS } from './filters/texts.ts';
import { truth } from './iterate.ts';
import { toJson } from './json-text.ts';
import { toText } from './print.ts';
import { refuse } from './refuse.ts';
import type { Filter } from './runtime.ts';
import { is, typeName, undefinedBecause } from './values.ts';

const withDefault: Filter = (given) => {
  const {
    value,
    default_value = '',
    boolean = false,
  } = bind('default', given, ['value'], ['default_value', 'boolean']);
  return is(value, 'undefined') || (truth(boolean) && !truth(value)) ? default_value : value;
};

/** The attribute alone, never an item. */
const attr: Filter = (given) => {
  const { obj, name } = bind('attr', given, ['obj', 'name']);
  const wanted = toText(name);
  if (attributeOf(obj, wanted) !== undefined) return attribute(obj, wanted);
  return undefinedBecause(`'${typeName(obj)} object' has no attribute '${wanted}'`);
};

/** Known to jinja2, never checked here. */
const REFUSED = ['forceescape', 'pprint', 'random', 'striptags', 'urlize', 'wordwrap', 'xmlattr'];

export const FILTERS: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ...TEXT_FILTERS,
  ...NUMBER_FILTERS,
  ...ITEM_FILTERS,
  ...CHOICE_FILTERS,
  ['default', withDefault],
  ['d', withDefault],
  ['attr', attr],
  ['tojson', toJson],
  ...REFUSED.map((name): [string, Filter] => [name, () => refuse(`the filter "${name}"`)]),
]);

/** Those that look at the items of a value, at most, and not into them. */
export const SHALLOW_FILTERS: ReadonlySet<string> = new Set([
  'attr',
  'batch',
  'count',
  'd',
  'default',
  'first',
  'items',
  'last',
  'length',
  'list',
  'map',
  'reject',
  'rejectattr',
  'reverse',
  'select',
  'selectattr',
  'slice',
]);
