/** One bench over prompts of two tasks, told as text, as a page and as comma-separated values. */
import { beforeAll, describe, expect, it } from 'vitest';
import { runBench } from './bench.ts';
import { benchCsv } from './bench-csv.ts';
import { benchPage } from './bench-page.ts';
import type { BenchReport } from './bench-report.ts';
import { benchText } from './bench-text.ts';
import type { BenchPrompt } from './prompt-set.ts';
import { fakeModel, fakePrompt, fakeResult } from './testing/fake-results.ts';
import { ALONE, NO_RIVALS } from './testing/no-rivals.ts';

const PROMPTS: readonly BenchPrompt[] = [
  { ...fakePrompt('Say "a", <b>'), task: 'writing' },
  { ...fakePrompt('What?'), task: 'maths' },
  { ...fakePrompt('Why?'), task: 'maths' },
  fakePrompt('Hi?'),
];

/** Plain takes 10 ms; a draft 5 ms for writing, 8 ms for all else, and answers `Why?` wrongly if asked to. */
async function bench(wrong = false, prompts = PROMPTS): Promise<BenchReport> {
  const { report } = await runBench(
    {
      load: {},
      variants: [{ drafter: 'msd', tree: 'auto' }],
      ...{ prompts, repeats: 2, settings: { maxTokens: 9 } },
      ...ALONE,
    },
    {
      load: fakeModel(({ drafter, messages }) => {
        const text = JSON.stringify(messages);
        const fast = /Say/.test(text) ? 5 : 8;
        const ids = wrong && drafter !== 'none' && /Why/.test(text) ? [1, 9, 3] : [1, 2, 3];
        return fakeResult({ ids, decodeMs: drafter === 'none' ? 10 : fast });
      }).load,
      machine: {
        ...{ cpu: 'A CPU', cores: 2, platform: 'linux x64' },
        ...{ node: '20.20.0', onnxruntime: '1.30.0' },
      },
      ...NO_RIVALS,
      random: () => 0.5,
      signal: new AbortController().signal,
      onPair: () => {},
    },
  );
  if (report === null) throw new Error('nothing was measured');
  return report;
}

let report: BenchReport;
beforeAll(async () => {
  report = await bench();
});

describe('tasks', () => {
  it('hold their own prompts, in the order of the set', () => {
    const [variant] = report.variants;
    expect(variant?.tasks.map(({ task, prompts, pairs }) => [task, prompts, pairs])).toEqual([
      ['writing', 1, 2],
      ['maths', 2, 4],
      ['without a task', 1, 2],
    ]);
    expect(variant?.tasks.map(({ speedUp }) => speedUp?.median)).toEqual([2, 1.25, 1.25]);
    expect(variant?.tasks[0]?.tokensPerSecond).toEqual({ plain: 200, speculative: 400 });
  });

  it('say which of them lost a token', async () => {
    const [variant] = (await bench(true)).variants;
    expect(variant?.tasks.map(({ lossless }) => lossless)).toEqual([true, false, true]);
  });

  it('are none where no prompt has one', async () => {
    const plain = await bench(false, [fakePrompt('Hi?')]);
    expect(plain.variants[0]?.tasks).toEqual([]);
    expect(benchText(plain)).not.toMatch(/^task/m);
  });
});

it('a text has a table of tasks', () => {
  expect(benchText(report)).toMatch(/^writing +msd +auto +1 +2 +2\.00x +2\.00-2\.00 .* equal$/m);
});

describe('comma-separated values', () => {
  /** Cells of each line; no cell here holds a line's end. */
  const lines = (csv: string) =>
    csv
      .trimEnd()
      .split('\r\n')
      .map((line) => [...line.matchAll(/"((?:[^"]|"")*)"|([^,]+)|(?<=^|,)(?=,|$)/g)])
      .map((cells) => cells.map(([, quoted, bare = '']) => quoted?.replaceAll('""', '"') ?? bare));

  it('have a line for every pair, as wide as their head', () => {
    const [head = [], ...rows] = lines(benchCsv(report));
    expect(rows).toHaveLength(8);
    expect(new Set(rows.map(({ length }) => length))).toEqual(new Set([head.length]));
    const column = (name: string) => rows.map((row) => row[head.indexOf(name)]);
    expect(column('prompt')[0]).toBe('Say "a", <b>');
    expect(column('task')).toContain('maths');
    expect(column('speed_up').map(Number)).toContain(2);
    expect(column('differs_at').every((at) => at === '')).toBe(true);
  });
});

describe('a page', () => {
  it('has the tables of the text and a plot, every word escaped', async () => {
    const html = await benchPage(report);
    expect(html).toContain('<svg');
    expect(html).toContain('Every answer was that of plain decoding');
    expect(html).toContain('Say &quot;a&quot;, &lt;b&gt;');
    expect(html).toMatch(/<th scope="row">writing<\/th><td>msd<\/td>/);
    expect(html).toContain('A CPU');
  });

  it('says at its head where answers differ', async () => {
    expect(await benchPage(await bench(true))).toContain('Some answers DIFFER');
  });
});
