import { describe, expect, it } from 'vitest';
import { type ReportPage, reportPage } from './report-page.ts';

const PAGE: ReportPage = {
  title: 'A run',
  headline: 'It went well.',
  facts: [['Seed', '7']],
  sections: [
    {
      title: 'Losses',
      blocks: [
        { kind: 'text', text: 'What was lost.' },
        { kind: 'figure', svg: '<svg role="img"></svg>', caption: 'A falling line.' },
        { kind: 'table', caption: 'At the end.', head: ['Kind', 'Loss'], rows: [['text', '0.3']] },
        { kind: 'facts', facts: [['data.json', '12 dialogues']] },
        { kind: 'code', text: '{\n  "steps": 3\n}' },
        {
          kind: 'pictures',
          pictures: [{ source: 'data:image/png;base64,AA', name: 'a cat', words: 'It is a dog.' }],
        },
      ],
    },
  ],
};

const HOSTILE = `<script>alert("1")</script>&'`;

describe('reportPage', () => {
  it('shows every block under the heading of its section', () => {
    const html = reportPage(PAGE);
    const section = html.slice(html.indexOf('<h2>Losses</h2>'), html.indexOf('</section>'));
    for (const part of [
      '<p>What was lost.</p>',
      '<svg role="img"></svg>',
      '<figcaption>A falling line.</figcaption>',
      '<th scope="col">Loss</th>',
      '<th scope="row">text</th><td>0.3</td>',
      '<th scope="row">data.json</th><td>12 dialogues</td>',
      '{\n  &quot;steps&quot;: 3\n}',
      '<img src="data:image/png;base64,AA" alt="a cat"',
      '<b>a cat</b> It is a dog.',
    ]) {
      expect(section).toContain(part);
    }
  });

  it('has no empty table where there are no facts', () => {
    expect(reportPage({ ...PAGE, facts: [], sections: [] })).not.toContain('<table');
  });

  it('closes every element that it opens, in order', () => {
    expect(unclosed(reportPage(PAGE))).toEqual([]);
  });

  it('escapes words wherever they stand', () => {
    const html = reportPage({
      title: HOSTILE,
      headline: HOSTILE,
      facts: [[HOSTILE, HOSTILE]],
      sections: [
        {
          title: HOSTILE,
          blocks: [
            { kind: 'text', text: HOSTILE },
            { kind: 'code', text: HOSTILE },
            { kind: 'pictures', pictures: [{ source: HOSTILE, name: HOSTILE, words: HOSTILE }] },
            { kind: 'facts', facts: [[HOSTILE, HOSTILE]] },
            { kind: 'figure', svg: '', caption: HOSTILE },
            { kind: 'table', caption: HOSTILE, head: [HOSTILE], rows: [[HOSTILE, HOSTILE]] },
          ],
        },
      ],
    });
    expect(html).not.toContain('<script');
    expect(html.split('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;')).toHaveLength(
      20,
    );
  });

  it('asks nothing of the network and runs nothing', () => {
    const html = reportPage(PAGE);
    expect(html).not.toMatch(/<(script|link|iframe)|url\(|@import|https?:|src="(?!data:)/);
    expect(html).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`,
    );
  });
});

/** Elements left open, or closed out of order. */
function unclosed(html: string): string[] {
  const open: string[] = [];
  for (const [, slash, name = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
    if (name === 'meta' || name === 'img') continue;
    if (slash === '') open.push(name);
    else if (open.at(-1) === name) open.pop();
    else return [...open, `/${name}`];
  }
  return open;
}
