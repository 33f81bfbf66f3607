/** A template's text to its statements. */
import { type Cursor, createCursor } from './cursor.ts';
import { atLine } from './failure.ts';
import type { Body, CallBody, Expression, Filtered, Statement, Target } from './nodes.ts';
import {
  isConstant,
  parseExpression,
  parseFilter,
  parseOr,
  parsePrimary,
  parseTuple,
} from './parse-expression.ts';
import { refuse } from './refuse.ts';
import { tokenize } from './tokenize.ts';

/** Fails for what jinja2 can't parse either; refuses the tags that load other templates. */
export function parseTemplate(source: string): Body {
  const cursor = createCursor(tokenize(source));
  try {
    return parseBody(cursor, []);
  } catch (error) {
    throw atLine(error, cursor.current.line);
  }
}

/** Statements up to a tag whose name is among `ends`, or to the template's end; the cursor is at that name. */
function parseBody(cursor: Cursor, ends: readonly string[]): Body {
  const body: Statement[] = [];
  for (;;) {
    const { kind, text, line } = cursor.next();
    if (kind === 'data') body.push({ kind: 'text', text, line });
    else if (kind === 'printBegin') {
      body.push({ kind: 'print', value: parseTuple(cursor), line });
      cursor.expect('printEnd');
    } else if (kind === 'tagBegin') {
      if (cursor.sees('name', ...ends)) return body;
      body.push(...parseTag(cursor));
      cursor.expect('tagEnd');
    } else if (ends.length > 0) cursor.fail(`there is no "${ends.at(-1)}"`);
    else return body;
  }
}

/** The body of a tag, whose head may end in a colon; the cursor is behind the ending word. */
function parseBlock(cursor: Cursor, ...ends: readonly string[]): { body: Body; end: string } {
  cursor.takes('operator', ':');
  cursor.expect('tagEnd');
  const body = parseBody(cursor, ends);
  return { body, end: cursor.next().text };
}

const OTHER_TEMPLATES = ['block', 'extends', 'include', 'import', 'from', 'autoescape'];

/** One statement; several for a tag that prints several values. */
function parseTag(cursor: Cursor): Statement[] {
  const { kind, text, line } = cursor.next();
  if (kind !== 'name') return cursor.fail('tag name expected');
  switch (text) {
    case 'for':
      return [parseFor(cursor, line)];
    case 'if':
      return [parseIf(cursor, line)];
    case 'set':
      return [parseSet(cursor, line)];
    case 'with':
      return [parseWith(cursor, line)];
    case 'macro': {
      const name = parseName(cursor);
      return [{ kind: 'macro', name, block: parseCallBody(cursor, 'endmacro'), line }];
    }
    case 'call':
      return [parseCallBlock(cursor, line)];
    case 'filter': {
      const filter = parseFilterChain(cursor, parseFilter(cursor, null));
      return [{ kind: 'filterBlock', filter, body: parseBlock(cursor, 'endfilter').body, line }];
    }
    case 'print':
      return parsePrint(cursor, line);
    case 'generation': {
      const { body } = parseBlock(cursor, 'endgeneration');
      return [{ kind: 'generation', block: { names: [], defaults: [], body }, line }];
    }
    case 'break':
    case 'continue':
      return [{ kind: text, line }];
    default:
      if (OTHER_TEMPLATES.includes(text)) return refuse(`the tag "${text}"`);
      return cursor.fail(`unknown tag "${text}"`);
  }
}

function parseFor(cursor: Cursor, line: number): Statement {
  const target = parseTarget(cursor, ['in']);
  cursor.expect('name', 'in');
  const items = parseTuple(cursor, { parse: parseOr, until: ['recursive'] });
  const test = cursor.takes('name', 'if') ? parseExpression(cursor) : null;
  const recursive = cursor.takes('name', 'recursive');
  const { body, end } = parseBlock(cursor, 'endfor', 'else');
  const otherwise = end === 'else' ? parseBlock(cursor, 'endfor').body : [];
  return { kind: 'for', target, items, test, recursive, body, otherwise, line };
}

function parseIf(cursor: Cursor, line: number): Statement {
  const parseTest = () => parseTuple(cursor, { parse: parseOr });
  const test = parseTest();
  const first = parseBlock(cursor, 'elif', 'else', 'endif');
  const elifs: [Expression, Body][] = [];
  let { end } = first;
  while (end === 'elif') {
    const test = parseTest();
    const block = parseBlock(cursor, 'elif', 'else', 'endif');
    elifs.push([test, block.body]);
    end = block.end;
  }
  const otherwise = end === 'else' ? parseBlock(cursor, 'endif').body : [];
  return { kind: 'branch', test, body: first.body, elifs, otherwise, line };
}

function parseSet(cursor: Cursor, line: number): Statement {
  const target = parseTarget(cursor, [], true);
  if (cursor.takes('operator', '='))
    return { kind: 'set', target, value: parseTuple(cursor), line };
  const filter = cursor.takes('operator', '|')
    ? parseFilterChain(cursor, parseFilter(cursor, null))
    : null;
  return { kind: 'setBlock', target, filter, body: parseBlock(cursor, 'endset').body, line };
}

function parseWith(cursor: Cursor, line: number): Statement {
  const sets: [Target, Expression][] = [];
  while (cursor.current.kind !== 'tagEnd') {
    if (sets.length > 0) cursor.expect('operator', ',');
    const target = parseTarget(cursor, []);
    cursor.expect('operator', '=');
    sets.push([target, parseExpression(cursor)]);
  }
  return { kind: 'with', sets, body: parseBlock(cursor, 'endwith').body, line };
}

function parsePrint(cursor: Cursor, line: number): Statement[] {
  const printed: Statement[] = [];
  while (cursor.current.kind !== 'tagEnd') {
    if (printed.length > 0) cursor.expect('operator', ',');
    printed.push({ kind: 'print', value: parseExpression(cursor), line });
  }
  return printed;
}

function parseCallBlock(cursor: Cursor, line: number): Statement {
  const { names, defaults } = cursor.sees('operator', '(')
    ? parseSignature(cursor)
    : { names: [], defaults: [] };
  const call = parseExpression(cursor);
  if (call.kind !== 'call') return cursor.fail('expected call');
  const { body } = parseBlock(cursor, 'endcall');
  return { kind: 'callBlock', call, block: { names, defaults, body }, line };
}

function parseCallBody(cursor: Cursor, end: string): CallBody {
  const signature = parseSignature(cursor);
  return { ...signature, body: parseBlock(cursor, end).body };
}

function parseSignature(cursor: Cursor): Pick<CallBody, 'names' | 'defaults'> {
  const names: string[] = [];
  const defaults: Expression[] = [];
  cursor.expect('operator', '(');
  while (!cursor.takes('operator', ')')) {
    if (names.length > 0) cursor.expect('operator', ',');
    names.push(parseName(cursor));
    if (cursor.takes('operator', '=')) defaults.push(parseExpression(cursor));
    else if (defaults.length > 0) cursor.fail('non-default argument follows default argument');
  }
  if (new Set(names).size < names.length) cursor.fail('duplicate argument');
  return { names, defaults };
}

function parseFilterChain(cursor: Cursor, first: Filtered): Filtered {
  let chain = first;
  while (cursor.takes('operator', '|')) chain = parseFilter(cursor, chain);
  return chain;
}

function parseName(cursor: Cursor): string {
  const { text } = cursor.expect('name');
  return isConstant(text) ? cursor.fail(`can't assign to "${text}"`) : text;
}

/** `fields` are those of namespaces, which `set` alone may give values. */
function parseTarget(cursor: Cursor, until: readonly string[], fields = false): Target {
  const found = new Map<Expression, Target>();
  const parse = (inner: Cursor): Expression => {
    if (!fields || inner.current.kind !== 'name' || inner.following.text !== '.') {
      return parsePrimary(inner);
    }
    const { text: of, line } = inner.next();
    inner.next();
    const { text: name } = inner.expect('name');
    const placeholder: Expression = { kind: 'name', name: of, line };
    found.set(placeholder, { kind: 'field', of, name });
    return placeholder;
  };
  const targetOf = (parsed: Expression): Target => {
    const field = found.get(parsed);
    if (field !== undefined) return field;
    if (parsed.kind === 'name') return { kind: 'name', name: parsed.name };
    if (parsed.kind !== 'tuple') return cursor.fail("can't assign to this");
    return { kind: 'targets', items: parsed.items.map(targetOf) };
  };
  return targetOf(parseTuple(cursor, { parse, until }));
}
