import { describe, expect, it } from 'vitest';
import { PromptError } from '../contracts/errors.ts';
import type { GenerateOptions } from '../contracts/generate.ts';
import { runBench } from './bench.ts';
import { benchText } from './bench-text.ts';
import { fakeModel, fakePrompt, fakeResult } from './testing/fake-results.ts';
import { ALONE, NO_RIVALS } from './testing/no-rivals.ts';

const machine = {
  ...{ cpu: 'A CPU', cores: 2, platform: 'linux x64' },
  ...{ node: '20.20.0', onnxruntime: '1.30.0' },
};

async function bench(
  answer: (options: GenerateOptions) => ReturnType<typeof fakeResult>,
  controller = new AbortController(),
) {
  const drafters = ['msd', 'eagle'] as const;
  let pairs = 0;
  const ended = await runBench(
    {
      load: {},
      contests: drafters.map((drafter) => ({ drafter, tree: 'auto' as const })),
      prompts: [fakePrompt('a')],
      repeats: 3,
      settings: { maxTokens: 9 },
      ...ALONE,
    },
    {
      load: fakeModel(answer).load,
      machine,
      ...NO_RIVALS,
      random: () => 0.5,
      signal: controller.signal,
      onPair: () => {
        pairs += 1;
      },
    },
  );
  return { ...ended, pairs };
}

const good = ({ drafter }: GenerateOptions) =>
  fakeResult({
    ids: [1, 2, 3],
    decodeMs: drafter === 'none' ? 10 : 8,
    run: { drafter: drafter === 'eagle' ? 'eagle' : 'msd' },
  });
const bad = (options: GenerateOptions) =>
  options.drafter === 'eagle' ? { ...good(options), ids: [1, 9, 3] } : good(options);

describe('runBench', () => {
  it('measures every contest and tells each pair', async () => {
    const { report, pairs } = await bench(good);
    expect(report).toMatchObject({ ended: 'complete', lossless: true });
    expect(report?.contests.map(({ drafter }) => drafter)).toEqual(['msd', 'eagle']);
    expect(pairs).toBe(6);
  });

  it('is not lossless if one contest is not', async () => {
    const { report } = await bench(bad);
    expect(report?.lossless).toBe(false);
  });

  it('reports what was measured before a failure, and the failure', async () => {
    const { report, failure } = await bench((options) => {
      if (options.drafter === 'eagle') throw new PromptError('It fails.');
      return good(options);
    });
    expect(failure).toBeInstanceOf(PromptError);
    expect(report?.ended).toBe('failed');
    expect(report?.contests.map(({ drafter }) => drafter)).toEqual(['msd']);
  });

  it('reports what was measured before it was interrupted', async () => {
    const controller = new AbortController();
    const { report, failure } = await bench((options) => {
      if (options.drafter === 'eagle') controller.abort();
      return good(options);
    }, controller);
    expect(failure).toBeNull();
    expect(report?.ended).toBe('interrupted');
    expect(report?.contests).toHaveLength(1);
  });
});

describe('benchText', () => {
  it('says what ran, on what, and how it was asked', async () => {
    const { report } = await bench(good);
    const text = report === null ? '' : benchText(report);
    for (const fact of ['/model', '/draft', 'fp32', 'cpu, 2 threads', 'A CPU', 'Node 20.20.0'])
      expect(text).toContain(fact);
    expect(text).toContain('greedy, at most 9 tokens');
  });

  it('shows the speed-up of each contest on its line', async () => {
    const { report } = await bench(good);
    const text = report === null ? '' : benchText(report);
    expect(text).toMatch(/^eagle +auto +1\.25x +1\.25-1\.25 .* equal$/m);
  });

  it('points at ids that differ', async () => {
    const { report } = await bench(bad);
    const text = report === null ? '' : benchText(report);
    expect(text).toMatch(/^eagle .*DIFFER in 3 of 3 pairs$/m);
    expect(text).toMatch(/^ +a .*DIFFER from token 2 on$/m);
  });

  it('says so when nothing was measured', async () => {
    const controller = new AbortController();
    const { report } = await bench((options) => {
      controller.abort();
      return good(options);
    }, controller);
    const text = report === null ? '' : benchText(report);
    expect(text).toContain('interrupted; this was measured until then');
    expect(text).toContain('No pair was measured.');
  });
});
