/** `str.format`, for fields without a format of their own. */
import { fail } from './failure.ts';
import { repr, toText } from './print.ts';
import { refuse } from './refuse.ts';
import { type Arguments, orElse, type Value } from './values.ts';

const PIECE = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;
const FIELD = /^([^.[!:]*)((?:\.[^.[!:]+|\[[^\]]+\])*)(?:!([sr]))?(:?)$/;
const STEP = /\.([^.[]+)|\[([^\]]+)\]/g;

/** How a field's steps are taken: `.name` and `[name]` or `[3]`. */
export interface Steps {
  readonly attribute: (value: Value, name: string) => Value;
  readonly item: (value: Value, at: Value) => Value;
}

export function braceFormat(format: string, given: Arguments, steps: Steps): string {
  let counted = 0;
  let numbered = false;
  const argument = (name: string): Value => {
    if (name !== '' && !/^\d+$/.test(name)) {
      return orElse(given.named.get(name), () => fail(`there is no value for the field '${name}'`));
    }
    if (name === '' ? numbered : counted > 0) {
      return fail('cannot switch between counted and numbered fields');
    }
    if (name !== '') numbered = true;
    const value = given.positional[name === '' ? counted++ : Number(name)];
    return value === undefined ? fail('there are fewer values than fields') : value;
  };
  return format.replace(PIECE, (piece, inside: string | undefined) => {
    if (piece === '{{' || piece === '}}') return piece.charAt(0);
    if (inside === undefined) return fail(`Single '${piece}' encountered in format string`);
    const [whole, name = '', path = '', conversion] = FIELD.exec(inside) ?? [];
    if (whole === undefined) return refuse(`the field "${piece}" of str.format`);
    let value = argument(name);
    for (const [, attribute, item = ''] of path.matchAll(STEP)) {
      value =
        attribute === undefined
          ? steps.item(value, /^\d+$/.test(item) ? BigInt(item) : item)
          : steps.attribute(value, attribute);
    }
    return conversion === 'r' ? repr(value) : toText(value);
  });
}
