/** Snippets of templates with what jinja2 makes of them: `fixtures/templates`, one file a topic. */
import { readdirSync, readFileSync } from 'node:fs';
import { UnsupportedTemplateError } from '../../../contracts/errors.ts';
import { compileTemplate } from '../compile.ts';
import { TemplateFailure } from '../failure.ts';
import { fromData } from '../from-data.ts';

export const SNIPPETS = new URL('../../../../fixtures/templates/', import.meta.url);

export type Variables = Readonly<Record<string, unknown>>;

/** What rendering gave: a text, or why there is none. */
export type Outcome =
  | { readonly text: string }
  | { readonly error: string }
  /** Ours alone: the construct. */
  | { readonly refused: string };

export interface Snippet {
  readonly template: string;
  /** Beside those of the topic. */
  readonly variables?: Variables;
  /** What jinja2 writes, or else what it raises. */
  readonly text?: string;
  readonly error?: string;
  /** What is refused here of a template that jinja2 renders. */
  readonly refused?: string;
}

export interface Topic {
  readonly name: string;
  readonly variables: Variables;
  readonly snippets: readonly Snippet[];
}

export function readTopics(): Topic[] {
  return readdirSync(SNIPPETS)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const topic = JSON.parse(readFileSync(new URL(file, SNIPPETS), 'utf8'));
      return { name: file.replace('.json', ''), ...topic };
    });
}

/** When templates that ask for the time are rendered. */
const NOW = new Date(2026, 1, 3, 4, 5, 6);

export function renderHere(template: string, variables: Variables): Outcome {
  try {
    const values = Object.entries(variables).map(
      ([name, value]) => [name, fromData(value)] as const,
    );
    return { text: compileTemplate(template, { now: () => NOW })(new Map(values)) };
  } catch (error) {
    if (error instanceof UnsupportedTemplateError) return { refused: error.construct };
    if (error instanceof TemplateFailure) return { error: error.message };
    throw error;
  }
}
