import type { CodeRange } from '../code-ranges.ts';
import { anyTimes, choice, EMPTY, type Expression, repeat, sequence } from '../expression.ts';
import { type RegexNode, RegexProblem } from './regex-node.ts';

/** How the characters of a text are written where it stands. */
export interface Spelling {
  readonly of: (ranges: readonly CodeRange[]) => Expression;
  /** Any character at all. */
  readonly any: Expression;
}

/**
 * The texts that a regular expression finds itself in: what it is not bound to by `^` and `$` may be anything.
 * @throws RegexProblem where a `^` or `$` stands elsewhere than at an end
 */
export function regexExpression(node: RegexNode, spelling: Spelling): Expression {
  const options = node.type === 'choice' ? node.options : [node];
  return choice(...options.map((option) => boundExpression(option, spelling)));
}

function boundExpression(node: RegexNode, spelling: Spelling): Expression {
  const parts = node.type === 'sequence' ? node.parts : [node];
  const [only] = parts;
  // `(^a|b$)` alone is as good as `^a|b$`.
  if (
    parts.length === 1 &&
    only !== undefined &&
    (only.type === 'choice' || only.type === 'sequence')
  ) {
    return regexExpression(only, spelling);
  }
  const starts = parts[0]?.type === 'start';
  const ends = parts.length > (starts ? 1 : 0) && parts.at(-1)?.type === 'end';
  const inside = parts.slice(starts ? 1 : 0, ends ? -1 : undefined);
  const free = anyTimes(spelling.any);
  return sequence(
    starts ? EMPTY : free,
    ...inside.map((part) => expressionOf(part, spelling)),
    ends ? EMPTY : free,
  );
}

function expressionOf(node: RegexNode, spelling: Spelling): Expression {
  switch (node.type) {
    case 'characters':
      return spelling.of(node.ranges);
    case 'sequence':
      return sequence(...node.parts.map((part) => expressionOf(part, spelling)));
    case 'choice':
      return choice(...node.options.map((option) => expressionOf(option, spelling)));
    case 'repeat':
      return repeat(expressionOf(node.of, spelling), node.least, node.most);
    case 'start':
    case 'end':
      throw new RegexProblem('has ^ or $ elsewhere than at its ends, which is not supported');
  }
}

/** The least and the most characters of the texts that it is found in. */
export function textLengths(node: RegexNode): { least: number; most: number } {
  const options = node.type === 'choice' ? node.options : [node];
  const lengths = options.map((option) => {
    const parts = option.type === 'sequence' ? option.parts : [option];
    if (parts[0]?.type !== 'start' || parts.at(-1)?.type !== 'end') {
      return { least: lengthsOf(option).least, most: Number.POSITIVE_INFINITY };
    }
    return lengthsOf(option);
  });
  return {
    least: Math.min(...lengths.map(({ least }) => least)),
    most: Math.max(...lengths.map(({ most }) => most)),
  };
}

function lengthsOf(node: RegexNode): { least: number; most: number } {
  switch (node.type) {
    case 'characters':
      return { least: 1, most: 1 };
    case 'start':
    case 'end':
      return { least: 0, most: 0 };
    case 'sequence': {
      const parts = node.parts.map(lengthsOf);
      return {
        least: parts.reduce((sum, { least }) => sum + least, 0),
        most: parts.reduce((sum, { most }) => sum + most, 0),
      };
    }
    case 'choice': {
      const options = node.options.map(lengthsOf);
      return {
        least: Math.min(...options.map(({ least }) => least)),
        most: Math.max(...options.map(({ most }) => most)),
      };
    }
    case 'repeat': {
      const { least, most } = lengthsOf(node.of);
      return {
        least: least * node.least,
        most: most === 0 || node.most === 0 ? 0 : most * node.most,
      };
    }
  }
}
