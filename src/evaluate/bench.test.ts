import { describe, expect, it } from 'vitest';
import { ProgramError, PromptError } from '../contracts/errors.ts';
import type { GenerateOptions } from '../contracts/generate.ts';
import type { LoadOptions } from '../contracts/load.ts';
import { type Bench, runBench } from './bench.ts';
import { benchText } from './bench-text.ts';
import type { PromptIds } from './rivals/prompt-ids.ts';
import type { RivalOpening } from './rivals/rival.ts';
import type { RivalProcess } from './rivals/rival-process.ts';
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
      variants: drafters.map((drafter) => ({ drafter, tree: 'auto' as const })),
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
  it('measures every variant and tells each pair', async () => {
    const { report, pairs } = await bench(good);
    expect(report).toMatchObject({ ended: 'complete', lossless: true });
    expect(report?.variants.map(({ drafter }) => drafter)).toEqual(['msd', 'eagle']);
    expect(pairs).toBe(6);
  });

  it('is not lossless if one variant is not', async () => {
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
    expect(report?.variants.map(({ drafter }) => drafter)).toEqual(['msd']);
  });

  it('reports what was measured before it was interrupted', async () => {
    const controller = new AbortController();
    const { report, failure } = await bench((options) => {
      if (options.drafter === 'eagle') controller.abort();
      return good(options);
    }, controller);
    expect(failure).toBeNull();
    expect(report?.ended).toBe('interrupted');
    expect(report?.variants).toHaveLength(1);
  });
});

/** A bench with a rival that writes a token each 5 ms, and contexts, over words of one token each. */
async function benchBeside(open: () => Promise<RivalProcess[]>) {
  const loaded: LoadOptions[] = [];
  const model = fakeModel(good);
  const read: PromptIds['read'] = (messages) =>
    String(messages[0]?.content)
      .split(' ')
      .map(() => 1);
  const bench: Bench = {
    load: { model: 'given', draft: 'draft' },
    variants: [{ drafter: 'msd', tree: 'auto' }],
    prompts: [fakePrompt('a')],
    ...{ repeats: 2, settings: { maxTokens: 3 } },
    ...{ against: ['hf'], contexts: [100, 200, 9000], synthetic: null },
  };
  const openings: RivalOpening[] = [];
  const ended = await runBench(bench, {
    load: async (options = {}) => {
      loaded.push(options);
      return model.load();
    },
    ...{ machine, random: () => 0.5, onPair: () => {}, residentBytes: () => 8 },
    openPromptIds: async () => {
      return { folder: '/found', threads: 2, end: [0], contextLength: 400, read };
    },
    openRivals: async (_names, _files, opening) => {
      openings.push(opening);
      return open();
    },
    say: () => {},
    signal: new AbortController().signal,
  });
  return { ...ended, loaded, openings, requests: model.requests };
}

function fakeRivals() {
  const asked: (readonly [number, number])[] = [];
  let closed = 0;
  const answer = async (prompt: readonly number[], maxTokens: number) => {
    asked.push([prompt.length, maxTokens]);
    const ids = Array.from({ length: maxTokens }, (_, at) => at);
    return { ids, times: ids.map((at) => 50 + 5 * at), residentBytes: 6 };
  };
  const process: RivalProcess = {
    rivals: [{ name: 'Hugging Face', runs: 'transformers', tried: [], answer }],
    close: async () => {
      closed += 1;
    },
  };
  return { process, asked, closed: () => closed };
}

describe('runBench beside other engines', () => {
  it('gives rivals the same ids, then long prompts for a token each, and closes them', async () => {
    const rivals = fakeRivals();
    const { report, openings } = await benchBeside(async () => [rivals.process]);
    expect(rivals.asked).toEqual([
      [1, 3], // warm-up
      ...[1, 1].map((length) => [length, 3]),
      ...[300, 300].map((length) => [length, 1]),
    ]);
    expect(rivals.closed()).toBe(1);
    expect(openings).toEqual([{ prompt: [1], end: [0], threads: 2, contextSize: 512 }]);
    const ways = report?.ways[0]?.ways ?? [];
    expect(ways.map(({ name }) => name)).toEqual(['plain', 'speculative', 'Hugging Face']);
    expect(ways[2]).toMatchObject({ firstTokenMs: 50, tokenMs: { value: 5 } });
    const text = report === null ? '' : benchText(report);
    expect(text).toMatch(/^Hugging Face +50\.00 ms +5\.00 /m);
    expect(text).toMatch(/^ +Hugging Face +transformers$/m);
  });

  it('times contexts of the target alone, as far as its context reaches', async () => {
    const { report, loaded } = await benchBeside(async () => [fakeRivals().process]);
    expect(loaded.at(-1)).toEqual({ model: '/found' });
    expect(report?.contexts?.costs).toHaveLength(2);
  });

  it('reports the failure of a rival, and closes what is open', async () => {
    const rivals = fakeRivals();
    let answers = 0;
    const failing = {
      ...rivals.process,
      rivals: rivals.process.rivals.map((one) => ({
        ...one,
        answer: async (...given: Parameters<typeof one.answer>) => {
          if (++answers === 3) throw new ProgramError('python3', 'it ended by itself.');
          return one.answer(...given);
        },
      })),
    };
    const { report, failure } = await benchBeside(async () => [failing]);
    expect(failure).toBeInstanceOf(ProgramError);
    expect(report).toMatchObject({ ended: 'failed' });
    expect(report?.variants[0]?.pairs).toHaveLength(1);
    expect(rivals.closed()).toBe(1);
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

  it('shows the speed-up of each variant on its line', async () => {
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
