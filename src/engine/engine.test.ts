import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Drafter } from '../contracts/drafter.ts';
import type { GenerateOptions, GenerateResult } from '../contracts/generate.ts';
import type { Sequence, Target } from '../contracts/target.ts';
import type { Costs } from '../decode/costs.ts';
import { eventStream } from './border/event-stream.ts';
import { type EngineLimits, engineOf } from './engine.ts';
import { resultOf } from './testing/collect.ts';
import { toyModel, toyPicture } from './testing/toy-model.ts';

/** An engine of a toy, its passes of every network, the rows they read, its open sequences, and how many were open at once. */
function toyEngine(
  settings: Parameters<typeof toyModel>[0] = {},
  limits: Partial<EngineLimits> = {},
) {
  let [passes, rows, most] = [0, 0, 0];
  const open = new Set<Sequence>();
  const watch = (sequence: Sequence): Sequence => {
    const { dispose, copy } = sequence;
    open.add(sequence);
    most = Math.max(most, open.size);
    return Object.assign(sequence, {
      copy: (length: number) => watch(copy?.(length) as Sequence),
      dispose() {
        open.delete(sequence);
        dispose();
      },
    });
  };
  const wrap = (target: Target): Target => ({
    ...target,
    open: () => watch(target.open()),
    forward(steps) {
      passes += 1;
      for (const { ids } of steps) rows += ids.length;
      return target.forward(steps);
    },
  });
  const { host, model } = toyModel({ ...settings, wrap });
  const { drafters, embed } = model;
  const counted = new Map<string, Drafter>(); // one for all answers, as the model's own
  const counting = (drafter: Drafter): Drafter => ({
    ...drafter,
    run(jobs) {
      passes += Number(drafter.isNetwork);
      return drafter.run(jobs);
    },
  });
  const engine = engineOf(
    host,
    {
      ...model,
      embed(feeds) {
        passes += 1;
        return embed(feeds);
      },
      drafters: {
        ...drafters,
        async get(name) {
          const drafter = counted.get(name) ?? counting(await drafters.get(name));
          counted.set(name, drafter);
          return drafter;
        },
      },
    },
    limits,
  );
  const lengths = () => [...open].map(({ length }) => length);
  return { engine, passes: () => passes, rows: () => rows, lengths, most: () => most };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

interface Asked {
  readonly options: GenerateOptions;
  /** Turns of the event loop before it is asked. */
  readonly after: number;
  /** Events after which it is cancelled. */
  readonly cancelAt: number | undefined;
}

const tree = fc.oneof(
  fc.constant('auto' as const),
  fc.record({
    total: fc.integer({ min: 1, max: 59 }),
    depth: fc.integer({ min: 0, max: 5 }),
    topK: fc.integer({ min: 1, max: 10 }),
  }),
);
/** What prompts may begin with, long enough to be read for many at once. */
const SHARED = 'abcdefghijklmnop'.repeat(15);
const asked: fc.Arbitrary<Asked> = fc.record({
  options: fc.record({
    prompt: fc
      .tuple(
        fc.constantFrom('', '', SHARED.slice(0, 90), SHARED),
        fc.stringMatching(/^[a-p]{1,150}$/),
      )
      .map((parts) => parts.join('')),
    images: fc.array(fc.constantFrom('x', 'y', 'z').map(toyPicture), { maxLength: 2 }),
    maxTokens: fc.integer({ min: 1, max: 50 }),
    ignoreEos: fc.boolean(),
    drafter: fc.constantFrom(
      'auto' as const,
      'msd' as const,
      'prompt-lookup' as const,
      'none' as const,
    ),
    tree,
    temperature: fc.constantFrom(0, 0.7, 1.5),
    topP: fc.constantFrom(1, 0.9),
    topK: fc.constantFrom(0, 5),
    seed: fc.nat(1000),
  }),
  after: fc.nat(20),
  cancelAt: fc.oneof(fc.constant(undefined), fc.integer({ min: 0, max: 12 })),
});

/** The result, and the text that was told; cancelled after so many events. */
async function answerOf(
  engine: ReturnType<typeof toyEngine>['engine'],
  { options, after, cancelAt }: Asked,
): Promise<{ result: GenerateResult; told: string }> {
  for (let i = 0; i < after; i++) await turn();
  const cancel = new AbortController();
  if (cancelAt === 0) cancel.abort();
  let [seen, told] = [0, ''];
  for await (const event of eventStream(engine, { ...options, signal: cancel.signal })) {
    if (++seen === cancelAt) cancel.abort();
    if (event.type === 'token') told += event.text;
    if (event.type === 'done') return { result: event.result, told };
  }
  throw new Error('no result');
}

describe('sixteen answers at once', () => {
  it('each say what they say alone, whatever the others ask for and when they leave', async () => {
    const limits = fc.record({
      sequences: fc.constantFrom(64, 64, 5, 1),
      keptBytes: fc.constantFrom(300, 0, 5000), // a column is a byte
    });
    const company = fc.array(asked, { minLength: 16, maxLength: 16 });
    await fc.assert(
      fc.asyncProperty(fc.nat(50), company, limits, async (seed, company, limits) => {
        const { engine, lengths, most } = toyEngine({ seed }, limits);
        const answers = await Promise.all(company.map((one) => answerOf(engine, one)));
        for (const [at, { result, told }] of answers.entries()) {
          const { options, cancelAt } = company[at] as Asked;
          const alone = await resultOf(toyEngine({ seed }).engine, { ...options, drafter: 'none' });
          expect(told).toBe(result.text);
          if (cancelAt !== undefined && result.finishReason === 'cancelled') {
            expect(result.ids).toEqual(alone.ids.slice(0, result.ids.length));
            expect(alone.text.startsWith(result.text)).toBe(true);
            continue;
          }
          expect(result.ids).toEqual(alone.ids);
          expect(result.text).toBe(alone.text);
          expect(result.finishReason).toBe(alone.finishReason);
        }
        const kept = lengths();
        if (limits.keptBytes === 0) {
          expect(most()).toBeLessThanOrEqual(limits.sequences);
          expect(kept).toEqual([]);
        } else if (kept.length > 1) {
          expect(kept.reduce((sum, length) => sum + length)).toBeLessThanOrEqual(limits.keptBytes);
        }
        await engine.dispose();
        expect(lengths()).toEqual([]);
      }),
      { numRuns: Math.ceil(Number(process.env.MSD_FUZZ ?? 300) / 15) },
    );
  });

  it('read once what their prompts begin with, those too that came while it was read', async () => {
    for (const drafter of ['none', 'msd'] as const) {
      const { engine, rows } = toyEngine({ msPerRow: 1 }, { keptBytes: 1 });
      const ends = Array.from('abcdefghijklmnop');
      const options = (end: string): GenerateOptions => ({
        ...{ prompt: SHARED.repeat(4) + end, maxTokens: 1, drafter },
      });
      const late = ends.map(async (end, i) => {
        for (let turns = 0; turns < i; turns++) await turn();
        return resultOf(engine, options(end));
      });
      const answers = await Promise.all(late);
      expect(rows(), 'of 16 times 961').toBeLessThan(961 + 16 * 10);
      for (const [at, { ids }] of answers.entries()) {
        const alone = await resultOf(toyEngine().engine, options(ends[at] as string));
        expect(ids).toEqual(alone.ids);
      }
    }
  });

  it('wait for nobody who left', async () => {
    const { engine } = toyEngine({ msPerRow: 1 });
    const cancel = new AbortController();
    const options = { prompt: SHARED.repeat(8), maxTokens: 1, drafter: 'none' as const };
    const first = resultOf(engine, { ...options, signal: cancel.signal });
    const second = resultOf(engine, options);
    for (let i = 0; i < 6; i++) await turn();
    cancel.abort();
    expect((await first).finishReason).toBe('cancelled');
    const { ids, cachedTokens } = await second;
    expect(cachedTokens, 'what the first had read').toBeGreaterThan(0);
    expect(ids).toEqual((await resultOf(toyEngine().engine, options)).ids);
  });

  it('take far fewer passes than one after the other', async () => {
    const options = (i: number): GenerateOptions => ({
      ...{ prompt: 'abcdefghijklmnop'.slice(i), maxTokens: 40, ignoreEos: true, drafter: 'none' },
    });
    const together = toyEngine();
    const numbers = Array.from({ length: 16 }, (_, i) => i);
    await Promise.all(numbers.map((i) => resultOf(together.engine, options(i))));
    const apart = toyEngine();
    for (const i of numbers) await resultOf(apart.engine, options(i));
    expect(together.passes()).toBeLessThan(apart.passes() / 10);
  });
});

describe('a short request among others', () => {
  const LONG = 'abcdefghijklmnop'.repeat(125); // 2,000 tokens

  const others = [
    ['plain', { drafter: 'none' }],
    ['with small trees', { drafter: 'msd', tree: { total: 8, depth: 3, topK: 2 } }],
    ['with trees of the paper', { drafter: 'msd', tree: { total: 59, depth: 5, topK: 10 } }],
    ['with trees that are chosen', { drafter: 'msd' }],
  ] as const;
  const paces = [
    ['two blocks', 0.015],
    ['a few rows', 1],
  ] as const;

  it.each(
    paces.flatMap((pace) => others.map(([other, how]) => [pace[0], other, pace[1], how] as const)),
  )(
    'has its first token three passes after it was admitted, while a long prompt is read by %s and 8 answer %s',
    async (_, __, msPerRow, how) => {
      let reads = 0;
      // It is asked at other moments of the others each time.
      for (let after = 0; after < 12; after++) {
        const { engine, passes } = toyEngine({ msPerRow });
        const writing = Array.from({ length: 8 }, (_, i): Asked => {
          const prompt = 'abcdefghi'.slice(i);
          const options = { ...{ prompt, maxTokens: 2000, ignoreEos: true }, ...how };
          return { options, after: i % 3, cancelAt: undefined };
        }).map((one) => answerOf(engine, one));
        for (let i = 0; i < 12; i++) await turn();
        let reading = true;
        const cancel = new AbortController();
        const read = (async () => {
          const options = { prompt: LONG, maxTokens: 1, ...how, signal: cancel.signal };
          for await (const event of eventStream(engine, options)) {
            if (event.type === 'prefill') reading = event.done < event.total;
          }
        })();
        for (let i = 0; i < after; i++) await turn();
        for (let shorts = 0; shorts < 4 && reading; shorts++) {
          let started = Infinity;
          const options = { prompt: 'fedcba', maxTokens: 4, ignoreEos: true, ...how };
          for await (const event of eventStream(engine, options)) {
            if (event.type === 'start') started = passes(); // it is admitted at once
            if (event.type !== 'token') continue;
            expect(passes() - started).toBeLessThanOrEqual(3);
            if (reading) reads += 1;
            break;
          }
          expect(started).toBeLessThan(Infinity);
        }
        cancel.abort();
        await engine.dispose();
        await Promise.all([read, ...writing]);
      }
      expect(reads).toBeGreaterThan(10); // the long prompt was still being read
    },
  );
});

describe('an engine', () => {
  it('lets answers wait for room in its caches, and answers them all', async () => {
    const { host, model } = toyModel();
    const info = { ...model.info, cacheBytesPerToken: 100 };
    let [open, most] = [0, 0];
    const target: Target = {
      ...model.target,
      open() {
        const sequence = model.target.open();
        const { dispose } = sequence;
        most = Math.max(most, ++open);
        sequence.dispose = () => {
          open -= 1;
          dispose();
        };
        return sequence;
      },
    };
    // Room for 100 tokens: each request may come to need 7 + 30.
    const engine = engineOf(host, { ...model, info, target }, { cacheBytes: 10_000 });
    const letters = Array.from('abcdefgh');
    const options = (letter: string): GenerateOptions => ({
      ...{ prompt: letter.repeat(6), maxTokens: 30, ignoreEos: true, drafter: 'none' },
    });
    const texts = await Promise.all(letters.map((letter) => resultOf(engine, options(letter))));
    for (const [at, letter] of letters.entries()) {
      const alone = await resultOf(toyEngine().engine, options(letter));
      expect(texts[at]?.ids).toEqual(alone.ids);
    }
    expect(most).toBeLessThanOrEqual(3); // two that run, and one that is kept at most
    await engine.dispose();
    expect(open).toBe(0);
  });

  it('goes on from a text that was kept, in company too', async () => {
    const { engine } = toyEngine();
    const prompts = ['abcdefghabcdefgh', 'hgfedcbahgfedcba', 'aabbccddeeffgghh'];
    const ask = (prompt: string) =>
      resultOf(engine, { prompt, maxTokens: 10, ignoreEos: true, temperature: 1, seed: 4 });
    const first = await Promise.all(prompts.map(ask));
    const second = await Promise.all(prompts.map(ask));
    expect(second.map(({ cachedTokens }) => cachedTokens)).toEqual([16, 16, 16]);
    expect(second.map(({ ids }) => ids)).toEqual(first.map(({ ids }) => ids));
  });

  it('ends all running answers as cancelled when it is disposed, those that wait included', async () => {
    const { engine, lengths } = toyEngine({}, { sequences: 2 });
    const running = Array.from({ length: 6 }, (_, i) =>
      resultOf(engine, { prompt: 'abc'.repeat(i + 1), maxTokens: 2000, ignoreEos: true }),
    );
    for (let i = 0; i < 9; i++) await turn();
    await engine.dispose();
    const reasons = (await Promise.all(running)).map(({ finishReason }) => finishReason);
    expect(reasons).toEqual(Array(6).fill('cancelled'));
    expect(lengths()).toEqual([]);
  });
});

it('what rounds taught of the costs is kept for the next load, once', async () => {
  const kept: Costs[] = [];
  const { engine } = toyEngine({ onCosts: (costs) => kept.push(costs) });
  const long = { prompt: 'abcabd', maxTokens: 300, ignoreEos: true, drafter: 'msd' };
  await resultOf(engine, { ...long, tree: { total: 4, depth: 2, topK: 1 } });
  await engine.dispose();
  const [first] = kept;
  expect(kept).toHaveLength(1);
  expect(first?.target.map(({ rows }) => rows)).toEqual([1, 4, 8, 59]);
});
