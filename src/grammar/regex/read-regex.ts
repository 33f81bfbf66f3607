import type { CodeRange } from '../code-ranges.ts';
import { otherRanges } from '../code-ranges.ts';
import { classEscape, readEscape } from './read-escape.ts';
import { type RegexNode, RegexProblem } from './regex-node.ts';
import { createTextCursor, type TextCursor } from './text-cursor.ts';

/** Repeats beyond this many would make states by the thousand. */
const MOST_TIMES = 10_000;
const MOST_PLACES = 10_000;
const LINE_ENDS: readonly CodeRange[] = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];

/**
 * Reads an ECMAScript regular expression with flag u, as JSON Schema has them: all that says a set of texts, none of what
 * looks around or back.
 * @throws RegexProblem
 */
export function readRegex(pattern: string): RegexNode {
  try {
    new RegExp(pattern, 'u');
  } catch {
    throw new RegexProblem('is not a regular expression of ECMAScript with flag u');
  }
  const cursor = createTextCursor(pattern);
  const node = readChoice(cursor);
  if (!cursor.done) throw new RegexProblem(`has a ${cursor.peek()} that closes nothing`);
  if (places(node) > MOST_PLACES) {
    throw new RegexProblem(`repeats repeats to more than ${MOST_PLACES} places`);
  }
  return node;
}

/** Characters that it has written out, repeats unrolled: what a state may come to hold. */
function places(node: RegexNode): number {
  switch (node.type) {
    case 'sequence':
      return node.parts.reduce((sum, part) => sum + places(part), 0);
    case 'choice':
      return node.options.reduce((sum, option) => sum + places(option), 0);
    case 'repeat': {
      const { least, most } = node;
      return places(node.of) * Math.max(1, Number.isFinite(most) ? most : least);
    }
    default:
      return 1;
  }
}

function readChoice(cursor: TextCursor): RegexNode {
  const options = [readSequence(cursor)];
  while (cursor.take('|')) options.push(readSequence(cursor));
  return options.length === 1 ? (options[0] as RegexNode) : { type: 'choice', options };
}

function readSequence(cursor: TextCursor): RegexNode {
  const parts: RegexNode[] = [];
  while (!cursor.done && cursor.peek() !== '|' && cursor.peek() !== ')') {
    parts.push(readTimes(cursor, readAtom(cursor)));
  }
  return { type: 'sequence', parts };
}

function readTimes(cursor: TextCursor, of: RegexNode): RegexNode {
  const times = readBounds(cursor);
  if (times === null) return of;
  cursor.take('?'); // lazy: the same texts
  const [least, most] = times;
  if (least > MOST_TIMES || (most > MOST_TIMES && most !== Number.POSITIVE_INFINITY)) {
    throw new RegexProblem(`repeats more than ${MOST_TIMES} times`);
  }
  return { type: 'repeat', of, least, most };
}

function readBounds(cursor: TextCursor): [number, number] | null {
  if (cursor.take('*')) return [0, Number.POSITIVE_INFINITY];
  if (cursor.take('+')) return [1, Number.POSITIVE_INFINITY];
  if (cursor.take('?')) return [0, 1];
  const found = cursor.takeMatch(/^\{(\d+)(,?)(\d*)\}/);
  if (found === null) return null;
  const [, low = '0', comma, high] = found;
  const most = comma === '' ? Number(low) : high === '' ? Number.POSITIVE_INFINITY : Number(high);
  return [Number(low), most];
}

function readAtom(cursor: TextCursor): RegexNode {
  const character = cursor.next();
  switch (character) {
    case '^':
      return { type: 'start' };
    case '$':
      return { type: 'end' };
    case '.':
      return { type: 'characters', ranges: otherRanges(LINE_ENDS) };
    case '(':
      return readGroup(cursor);
    case '[':
      return { type: 'characters', ranges: readClass(cursor) };
    case '\\':
      return { type: 'characters', ranges: readEscape(cursor) };
    default:
      return { type: 'characters', ranges: [single(character)] };
  }
}

function readGroup(cursor: TextCursor): RegexNode {
  if (cursor.takeMatch(/^\?(=|!|<=|<!)/) !== null) {
    throw new RegexProblem('looks ahead or behind, which is not supported');
  }
  if (cursor.takeMatch(/^\?(:|<[^>]*>)/) === null && cursor.peek() === '?') {
    throw new RegexProblem('sets flags in a group, which is not supported');
  }
  const inside = readChoice(cursor);
  cursor.take(')');
  return inside;
}

function readClass(cursor: TextCursor): CodeRange[] {
  const negated = cursor.take('^');
  const ranges: CodeRange[] = [];
  while (!cursor.take(']')) {
    const from = readMember(cursor);
    const [first] = from;
    if (
      from.length === 1 &&
      first?.[0] === first?.[1] &&
      cursor.peek() === '-' &&
      cursor.peek(1) !== ']'
    ) {
      cursor.next();
      const [last] = readMember(cursor);
      ranges.push([(first as CodeRange)[0], (last as CodeRange)[1]]);
    } else ranges.push(...from);
  }
  return negated ? otherRanges(ranges) : ranges;
}

function readMember(cursor: TextCursor): readonly CodeRange[] {
  const character = cursor.next();
  return character === '\\' ? classEscape(cursor) : [single(character)];
}

const single = (character: string): CodeRange => {
  const code = character.codePointAt(0) as number;
  return [code, code];
};
