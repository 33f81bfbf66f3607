import { RANDOM_TOPIC } from './random-templates.ts';
import { isRight, renderedShare, type Tally, VERDICTS } from './verdict.ts';

export interface Group {
  readonly name: string;
  readonly tally: Tally;
}

/** A published chat template and how its cases came out. */
export interface TemplateResult extends Group {
  readonly source: string;
  /** SHA-256 of its text. */
  readonly digest: string;
}

export interface Result {
  readonly versions: string;
  readonly topics: readonly Group[];
  readonly random: Group;
  readonly published: readonly TemplateResult[];
}

const total = (groups: readonly Group[]): Tally =>
  Object.fromEntries(
    VERDICTS.map((verdict) => [
      verdict,
      groups.reduce((sum, { tally }) => sum + tally[verdict], 0),
    ]),
  ) as Tally;

const cells = (tally: Tally) => VERDICTS.map((verdict) => String(tally[verdict]));

const isOurs = ({ name }: Group) => name !== RANDOM_TOPIC;

/** Whether nothing is lost or differs, 28 chat templates are whole, and nine in ten snippets are rendered. */
export function holds({ topics, random, published }: Result): boolean {
  return (
    [...topics, random, ...published].every(({ tally }) => isRight(tally)) &&
    wholeTemplates(published) >= 28 &&
    renderedShare(total(topics.filter(isOurs))) >= 0.9
  );
}

/** Templates of which everything that jinja2 renders is rendered. */
function wholeTemplates(published: readonly TemplateResult[]): number {
  return published.filter(({ tally }) => tally.equal > 0 && renderedShare(tally) === 1).length;
}

/** A page of Markdown. */
export function renderReport({ versions, topics, random, published }: Result): string {
  const ours = topics.filter(isOurs);
  const snippets = { name: 'snippets', tally: total(ours) };
  const kept = {
    name: 'drawn, kept for `npm test`',
    tally: total(topics.filter((one) => !isOurs(one))),
  };
  const chats = { name: 'chat templates', tally: total(published) };
  const percent = (renderedShare(snippets.tally) * 100).toFixed(1);
  const refusing = published.filter(({ tally }) => tally.equal === 0).map(({ name }) => name);
  return [
    '# Chat templates beside jinja2',
    '',
    `Made by \`npm run check:templates -- --record\` with ${versions}: the same template`,
    "and the same data rendered here and by jinja2 as Hugging Face's `apply_chat_template` sets it up. *Both fail*: jinja2 raises",
    'an error, and so does the evaluator here. *Refused*: jinja2 writes a text, and here an error names the construct. *Lost*: it',
    'fails here without a name.',
    '*Differs*: another text, or one where jinja2 writes none.',
    '',
    ...table(
      ['', 'cases', ...VERDICTS],
      [snippets, kept, random, chats].map(({ name, tally }) => [
        name,
        String(Object.values(tally).reduce((sum, count) => sum + count, 0)),
        ...cells(tally),
      ]),
    ),
    '',
    `Of the snippets that jinja2 renders, ${percent} % are rendered. Of ${published.length} chat templates, ${wholeTemplates(published)} are`,
    'rendered in every case in which jinja2 renders them.',
    ...(refusing.length > 0 ? [`jinja2 renders no case of: ${refusing.join(', ')}.`] : []),
    '',
    '## Snippets by topic',
    '',
    ...table(
      ['topic', ...VERDICTS],
      ours.map(({ name, tally }) => [name, ...cells(tally)]),
    ),
    '',
    '## Chat templates',
    '',
    'Those of llama.cpp (in the source package of llama-cpp-python 0.3.36) and of TRL 1.16.0, each with the conversations of',
    '`tools/templates/conversations.ts`. They are read where they lie and are not part of this repository.',
    '',
    ...table(
      ['template', 'of', 'SHA-256', ...VERDICTS],
      published.map(({ name, source, digest, tally }) => [
        name,
        source,
        `\`${digest.slice(0, 16)}\``,
        ...cells(tally),
      ]),
    ),
    '',
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
