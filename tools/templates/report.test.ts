import { describe, expect, it } from 'vitest';
import { holds, type Result, renderReport } from './report.ts';
import { tally, type Verdict } from './verdict.ts';

const group = (name: string, ...verdicts: Verdict[]) => ({ name, tally: tally(verdicts) });
const template = (name: string, ...verdicts: Verdict[]) => ({
  ...group(name, ...verdicts),
  source: 'llama.cpp',
  digest: 'abcdef0123456789abcdef',
});
const good: Result = {
  versions: 'jinja2 3',
  topics: [group('loops', 'equal', 'equal', 'both fail')],
  random: group('drawn', 'equal', 'refused'),
  published: Array.from({ length: 28 }, (_, i) => template(`t${i}`, 'equal')),
};

describe('holds', () => {
  it('where nothing differs and enough is rendered', () => {
    expect(holds(good)).toBe(true);
  });

  it.each<[string, Partial<Result>]>([
    ['a snippet differs', { topics: [group('loops', 'equal', 'differs')] }],
    ['a drawn one is lost', { random: group('drawn', 'lost') }],
    ['a chat template differs', { published: [...good.published, template('x', 'differs')] }],
    ['too few templates are rendered', { published: good.published.slice(1) }],
    [
      'one in nine snippets is refused',
      { topics: [group('a', ...Array<Verdict>(8).fill('equal'), 'refused')] },
    ],
  ])('not where %s', (_, change) => {
    expect(holds({ ...good, ...change })).toBe(false);
  });
});

describe('renderReport', () => {
  it('counts templates that are rendered whole, and names those that jinja2 renders nothing of', () => {
    const published = [
      template('a', 'equal'),
      template('b', 'equal', 'refused'),
      template('c', 'both fail'),
    ];
    const page = renderReport({ ...good, published });
    expect(page).toContain('Of 3 chat templates, 1 are');
    expect(page).toContain('jinja2 renders no case of: c.');
    expect(page).toContain('| b | llama.cpp | `abcdef0123456789` | 1 | 0 | 1 | 0 | 0 |');
  });

  it('leaves drawn snippets out of the share of ours', () => {
    const topics = [...good.topics, group('random', 'refused')];
    expect(renderReport({ ...good, topics })).toContain('100.0 % are rendered');
  });
});
