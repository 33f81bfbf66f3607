import { describe, expect, it } from 'vitest';
import { readTopics, renderHere, type Snippet } from './testing/snippets.ts';

/** What is to come out here: jinja2's text, or else no text. */
function expected({ text, refused }: Snippet) {
  if (refused !== undefined) return { refused };
  return text === undefined ? expect.not.objectContaining({ text: expect.anything() }) : { text };
}

describe.each(readTopics())('$name', ({ variables, snippets }) => {
  it.each(snippets)('$template', (snippet) => {
    const outcome = renderHere(snippet.template, { ...variables, ...snippet.variables });
    expect(outcome).toEqual(expected(snippet));
  });
});

it('renders nine in ten of the snippets that jinja2 renders', () => {
  const ours = readTopics()
    .filter(({ name }) => name !== 'random')
    .flatMap(({ snippets }) => snippets);
  const rendered = ours.filter(({ text }) => text !== undefined).length;
  const refused = ours.filter(({ refused }) => refused !== undefined).length;
  expect(rendered).toBeGreaterThanOrEqual(300);
  expect(rendered / (rendered + refused)).toBeGreaterThanOrEqual(0.9);
});
