/** Expressions, with the precedence that jinja2 gives them. */
import type { BinaryOperator } from './arithmetic.ts';
import type { Cursor } from './cursor.ts';
import type { Call, Comparison, Expression, Filtered, Given } from './nodes.ts';

/** A conditional is outermost: `a if b else c`. */
export function parseExpression(cursor: Cursor): Expression {
  let parsed = parseOr(cursor);
  while (cursor.sees('name', 'if')) {
    const { line } = cursor.next();
    const test = parseOr(cursor);
    const otherwise = cursor.takes('name', 'else') ? parseExpression(cursor) : null;
    parsed = { kind: 'if', test, value: parsed, otherwise, line };
  }
  return parsed;
}

/** Without a conditional, as loops and branches are headed. */
export function parseOr(cursor: Cursor): Expression {
  let left = parseAnd(cursor);
  while (cursor.sees('name', 'or')) {
    const { line } = cursor.next();
    left = { kind: 'or', left, right: parseAnd(cursor), line };
  }
  return left;
}

function parseAnd(cursor: Cursor): Expression {
  let left = parseNot(cursor);
  while (cursor.sees('name', 'and')) {
    const { line } = cursor.next();
    left = { kind: 'and', left, right: parseNot(cursor), line };
  }
  return left;
}

function parseNot(cursor: Cursor): Expression {
  if (!cursor.sees('name', 'not')) return parseComparison(cursor);
  const { line } = cursor.next();
  return { kind: 'not', of: parseNot(cursor), line };
}

const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='] as const;

function parseComparison(cursor: Cursor): Expression {
  const { line } = cursor.current;
  const first = parseSum(cursor);
  const rest: [Comparison, Expression][] = [];
  for (let by = takeComparison(cursor); by !== undefined; by = takeComparison(cursor)) {
    rest.push([by, parseSum(cursor)]);
  }
  return rest.length === 0 ? first : { kind: 'compare', first, rest, line };
}

function takeComparison(cursor: Cursor): Comparison | undefined {
  if (cursor.sees('operator', ...COMPARISONS)) return cursor.next().text as Comparison;
  if (cursor.takes('name', 'in')) return 'in';
  const { kind, text } = cursor.following;
  if (!cursor.sees('name', 'not') || kind !== 'name' || text !== 'in') return undefined;
  cursor.next();
  cursor.next();
  return 'not in';
}

/** Operators of one rank, from left to right. */
function parseRank(
  cursor: Cursor,
  operators: readonly BinaryOperator[],
  parseOperand: (cursor: Cursor) => Expression,
): Expression {
  let left = parseOperand(cursor);
  while (cursor.sees('operator', ...operators)) {
    const { text, line } = cursor.next();
    left = {
      kind: 'binary',
      operator: text as BinaryOperator,
      left,
      right: parseOperand(cursor),
      line,
    };
  }
  return left;
}

const parseSum = (cursor: Cursor) => parseRank(cursor, ['+', '-'], parseConcat);
const parseProduct = (cursor: Cursor) => parseRank(cursor, ['*', '/', '//', '%'], parsePower);
const parsePower = (cursor: Cursor) => parseRank(cursor, ['**'], parseUnary);

function parseConcat(cursor: Cursor): Expression {
  const { line } = cursor.current;
  const parts = [parseProduct(cursor)];
  while (cursor.takes('operator', '~')) parts.push(parseProduct(cursor));
  return parts.length === 1 ? (parts[0] as Expression) : { kind: 'concat', parts, line };
}

function parseUnary(cursor: Cursor): Expression {
  return parseFilters(cursor, parseSigned(cursor));
}

/** A sign binds closer than a filter. */
function parseSigned(cursor: Cursor): Expression {
  if (!cursor.sees('operator', '-', '+')) return parsePostfix(cursor, parsePrimary(cursor));
  const { text, line } = cursor.next();
  const of = parseSigned(cursor);
  return parsePostfix(cursor, { kind: 'unary', operator: text as '+' | '-', of, line });
}

const CONSTANTS = new Map<string, boolean | null>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);

/** Whether a name can't be given a value. */
export const isConstant = (name: string) => CONSTANTS.has(name);

export function parsePrimary(cursor: Cursor): Expression {
  const token = cursor.next();
  const { line, text } = token;
  if (token.kind === 'number') return { kind: 'constant', value: token.value, line };
  if (token.kind === 'name') {
    const constant = CONSTANTS.get(text);
    return constant === undefined
      ? { kind: 'name', name: text, line }
      : { kind: 'constant', value: constant, line };
  }
  if (token.kind === 'string') {
    let value = text;
    while (cursor.current.kind === 'string') value += cursor.next().text;
    return { kind: 'constant', value, line };
  }
  if (token.kind === 'operator' && text === '(') {
    const inside = parseTuple(cursor, { parentheses: true });
    cursor.expect('operator', ')');
    return inside;
  }
  if (token.kind === 'operator' && text === '[') {
    return { kind: 'list', items: parseItems(cursor, ']', () => parseExpression(cursor)), line };
  }
  if (token.kind === 'operator' && text === '{') {
    const pairs = parseItems(cursor, '}', (): [Expression, Expression] => {
      const key = parseExpression(cursor);
      cursor.expect('operator', ':');
      return [key, parseExpression(cursor)];
    });
    return { kind: 'dict', pairs, line };
  }
  return cursor.fail(`unexpected "${text}"`);
}

/** With commas between, and perhaps one behind the last. */
function parseItems<T>(cursor: Cursor, close: ')' | ']' | '}', parse: () => T): T[] {
  const items: T[] = [];
  while (!cursor.takes('operator', close)) {
    if (items.length > 0) {
      cursor.expect('operator', ',');
      if (cursor.takes('operator', close)) break;
    }
    items.push(parse());
  }
  return items;
}

/** One expression, or several with commas between: a tuple. */
export function parseTuple(
  cursor: Cursor,
  {
    parse = parseExpression,
    until = [],
    parentheses = false,
  }: {
    parse?: (cursor: Cursor) => Expression;
    /** Words that end it. */
    until?: readonly string[];
    parentheses?: boolean;
  } = {},
): Expression {
  const { line } = cursor.current;
  const items: Expression[] = [];
  let commas = false;
  while (!endsTuple(cursor, until)) {
    items.push(parse(cursor));
    if (!cursor.takes('operator', ',')) break;
    commas = true;
  }
  if (!commas) {
    if (items[0] !== undefined) return items[0];
    if (!parentheses) cursor.fail('expected an expression');
  }
  return { kind: 'tuple', items, line };
}

function endsTuple(cursor: Cursor, until: readonly string[]): boolean {
  const { kind } = cursor.current;
  if (kind === 'tagEnd' || kind === 'printEnd' || cursor.sees('operator', ')')) return true;
  return cursor.sees('name', ...until);
}

function parsePostfix(cursor: Cursor, of: Expression): Expression {
  let parsed = of;
  for (;;) {
    if (cursor.sees('operator', '.')) parsed = parseAttribute(cursor, parsed);
    else if (cursor.sees('operator', '[')) parsed = parseSubscript(cursor, parsed);
    else if (cursor.sees('operator', '(')) parsed = parseCall(cursor, parsed);
    else return parsed;
  }
}

function parseAttribute(cursor: Cursor, of: Expression): Expression {
  const { line } = cursor.next();
  const token = cursor.next();
  if (token.kind === 'name') return { kind: 'attribute', of, name: token.text, line };
  if (token.kind === 'number' && typeof token.value === 'bigint') {
    return { kind: 'item', of, key: { kind: 'constant', value: token.value, line }, line };
  }
  return cursor.fail('expected name or number');
}

function parseSubscript(cursor: Cursor, of: Expression): Expression {
  const { line } = cursor.next();
  const keys: (Expression | Places)[] = [];
  while (!cursor.takes('operator', ']')) {
    if (keys.length > 0) cursor.expect('operator', ',');
    keys.push(parseKey(cursor));
  }
  const [only] = keys;
  if (keys.length === 1 && only !== undefined) {
    return 'kind' in only
      ? { kind: 'item', of, key: only, line }
      : { kind: 'slice', of, ...only, line };
  }
  const items = keys.map((key) => ('kind' in key ? key : cursor.fail('slices beside others')));
  return { kind: 'item', of, key: { kind: 'tuple', items, line }, line };
}

interface Places {
  readonly start: Expression | null;
  readonly stop: Expression | null;
  readonly step: Expression | null;
}

function parseKey(cursor: Cursor): Expression | Places {
  const start = cursor.sees('operator', ':') ? null : parseExpression(cursor);
  if (start !== null && !cursor.sees('operator', ':')) return start;
  cursor.next();
  const place = () => (cursor.sees('operator', ':', ']', ',') ? null : parseExpression(cursor));
  const stop = place();
  const step = cursor.takes('operator', ':') ? place() : null;
  return { start, stop, step };
}

function parseCall(cursor: Cursor, of: Expression): Call {
  const { line } = cursor.current;
  return { kind: 'call', of, given: parseGiven(cursor), line };
}

const NOTHING: Given = { positional: [], named: [], spread: null, spreadNamed: null };

function parseGiven(cursor: Cursor): Given {
  cursor.expect('operator', '(');
  const positional: Expression[] = [];
  const named: [string, Expression][] = [];
  let spread: Expression | null = null;
  let spreadNamed: Expression | null = null;
  const demand = (allowed: boolean) => allowed || cursor.fail('invalid order of arguments');
  parseItems(cursor, ')', () => {
    demand(spreadNamed === null);
    if (cursor.takes('operator', '*')) {
      demand(spread === null);
      spread = parseExpression(cursor);
    } else if (cursor.takes('operator', '**')) {
      spreadNamed = parseExpression(cursor);
    } else if (isNamed(cursor)) {
      const name = cursor.next().text;
      cursor.next();
      named.push([name, parseExpression(cursor)]);
    } else {
      demand(spread === null && named.length === 0);
      positional.push(parseExpression(cursor));
    }
  });
  const repeated = named.find(([name], i) => named.findIndex(([other]) => other === name) !== i);
  if (repeated !== undefined) return cursor.fail(`keyword argument repeated: ${repeated[0]}`);
  return { positional, named, spread, spreadNamed };
}

function isNamed(cursor: Cursor): boolean {
  const { kind, text } = cursor.following;
  return cursor.current.kind === 'name' && kind === 'operator' && text === '=';
}

function parseFilters(cursor: Cursor, of: Expression): Expression {
  let parsed = of;
  for (;;) {
    if (cursor.takes('operator', '|')) parsed = parseFilter(cursor, parsed);
    else if (cursor.sees('name', 'is')) parsed = parseTest(cursor, parsed);
    else if (cursor.sees('operator', '(')) parsed = parseCall(cursor, parsed);
    else return parsed;
  }
}

/** Behind the bar. */
export function parseFilter(cursor: Cursor, of: Expression | null): Filtered {
  const { line } = cursor.current;
  const name = parseDottedName(cursor);
  const given = cursor.sees('operator', '(') ? parseGiven(cursor) : NOTHING;
  return { kind: 'filter', of, name, given, line };
}

function parseDottedName(cursor: Cursor): string {
  let name = cursor.expect('name').text;
  while (cursor.takes('operator', '.')) name += `.${cursor.expect('name').text}`;
  return name;
}

function parseTest(cursor: Cursor, of: Expression): Expression {
  const { line } = cursor.next();
  const negated = cursor.takes('name', 'not');
  const name = parseDottedName(cursor);
  const test: Expression = { kind: 'test', of, name, given: parseTestGiven(cursor), line };
  return negated ? { kind: 'not', of: test, line } : test;
}

/** In parentheses, or one operand right behind the name. */
function parseTestGiven(cursor: Cursor): Given {
  if (cursor.sees('operator', '(')) return parseGiven(cursor);
  const { kind } = cursor.current;
  const begins =
    kind === 'string' || kind === 'number' || kind === 'name' || cursor.sees('operator', '[', '{');
  if (!begins || cursor.sees('name', 'else', 'or', 'and')) return NOTHING;
  if (cursor.sees('name', 'is')) return cursor.fail('tests with "is" can\'t be chained');
  return { ...NOTHING, positional: [parsePostfix(cursor, parsePrimary(cursor))] };
}
