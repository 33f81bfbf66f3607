/** Compares cases with jinja2, and says where they differ. */
import { writeFileSync } from 'node:fs';
import {
  type Outcome,
  renderHere,
  SNIPPETS,
  type Snippet,
  type Topic,
  type Variables,
} from '../../src/input/template/testing/snippets.ts';
import { CheckFailure } from '../python/check-failure.ts';
import type { Jinja2 } from './jinja2.ts';
import { type Tally, tally, type Verdict, verdictOf } from './verdict.ts';

export interface Case {
  readonly name: string;
  readonly template: string;
  readonly variables: Variables;
}

export interface Compared {
  readonly snippets: readonly Snippet[];
  readonly tally: Tally;
}

/** A case that came out otherwise is told. */
async function compare(
  jinja2: Jinja2,
  { name, template, variables }: Case,
  say: (line: string) => void,
) {
  const theirs = await jinja2.render(template, variables);
  const ours = renderHere(template, variables);
  const verdict = verdictOf(ours, theirs);
  if (verdict === 'lost' || verdict === 'differs') {
    say(`${verdict}: ${name}\n  ${JSON.stringify({ template, ours, theirs })}`);
  }
  return { ours, theirs, verdict };
}

export async function compareCases(
  jinja2: Jinja2,
  cases: readonly Case[],
  say: (line: string) => void,
): Promise<Tally> {
  const verdicts: Verdict[] = [];
  for (const one of cases) verdicts.push((await compare(jinja2, one, say)).verdict);
  return tally(verdicts);
}

/** The snippets of a topic, with what jinja2 makes of them now. */
export async function compareTopic(
  jinja2: Jinja2,
  { name, variables, snippets }: Topic,
  say: (line: string) => void,
): Promise<Compared> {
  const verdicts: Verdict[] = [];
  const compared: Snippet[] = [];
  for (const { template, variables: own } of snippets) {
    const one = { name, template, variables: { ...variables, ...own } };
    const { ours, theirs, verdict } = await compare(jinja2, one, say);
    verdicts.push(verdict);
    const outcome = verdict === 'refused' ? ours : theirs;
    compared.push({ template, ...(own && { variables: own }), ...withoutAddresses(outcome) });
  }
  return { snippets: compared, tally: tally(verdicts) };
}

/** What Python prints otherwise every time. */
function withoutAddresses(outcome: Outcome): Outcome {
  return 'error' in outcome ? { error: outcome.error.replace(/0x[\da-f]+/g, '0x…') } : outcome;
}

/** One snippet a line. */
export function writeTopic({ name, variables, snippets }: Topic): void {
  const lines = snippets.map((snippet) => `    ${JSON.stringify(snippet)}`).join(',\n');
  const head = `  "variables": ${JSON.stringify(variables)},\n  "snippets": [\n`;
  writeFileSync(new URL(`${name}.json`, SNIPPETS), `{\n${head}${lines}\n  ]\n}\n`);
}

/** @throws CheckFailure where jinja2 says otherwise than is written down */
export function checkWritten({ name, snippets }: Topic, now: readonly Snippet[]): void {
  const stale = snippets.find(({ text, error, refused }, i) => {
    const fresh = now[i];
    return (
      text !== fresh?.text ||
      refused !== fresh?.refused ||
      (error === undefined) !== (fresh?.error === undefined)
    );
  });
  if (stale === undefined) return;
  throw new CheckFailure(
    `${name}: jinja2 makes something else of ${JSON.stringify(stale.template)} than is written down; use --record.`,
  );
}
