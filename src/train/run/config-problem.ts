import type * as z from 'zod';
import { closestKey } from './closest-key.ts';
import { knownKeys } from './known-keys.ts';

/** What a schema says first against a config; an unknown key before all, since it may explain a missing one. */
export interface ConfigProblem {
  /** Dotted. */
  readonly key: string;
  readonly problem: string;
  /** The message's end: what to write instead, where that can be told. */
  readonly advice: string;
}

export function configProblem(error: z.ZodError, schema: z.ZodType): ConfigProblem {
  const issue = error.issues.find(({ code }) => code === 'unrecognized_keys') ?? error.issues[0];
  const path = issue?.path.map(String) ?? [];
  if (issue?.code === 'unrecognized_keys') {
    const key = [...path, issue.keys[0]].join('.');
    return { key, problem: 'there is no such key', advice: keyAdvice(key, knownKeys(schema)) };
  }
  const problem = issue === undefined ? 'this is not valid' : sentenceOf(issue);
  return { key: path.join('.') || 'config', problem, advice: '.' };
}

function keyAdvice(key: string, known: readonly string[]): string {
  const general = key.replace(/\.\d+(?=\.)/g, '.*'); // a place in a list
  const meant = closestKey(general, known);
  if (meant !== undefined) return `; did you mean ${meant}?`;
  const group = general.slice(0, general.lastIndexOf('.') + 1);
  const beside = known.filter((one) => one.startsWith(group) && !one.includes('.', group.length));
  return beside.length === 0 ? '.' : `; there are ${beside.join(', ')}.`;
}

/** Zod's words, without what it doesn't need to say. */
function sentenceOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_union' && issue.message === 'Invalid input') {
    return [...new Set(issue.errors.flat().map(sentenceOf))].join(', or ');
  }
  return issue.message
    .replace(
      /^Invalid input: expected (.+), received undefined$/,
      'this key is missing; expected $1',
    )
    .replace(/^(Invalid \w+|Too \w+): /, '')
    .replace(/\.$/, '');
}
