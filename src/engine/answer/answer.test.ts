import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GenerateOptions } from '../../contracts/generate.ts';
import type { ChatMessage } from '../../contracts/messages.ts';
import { eventStream } from '../border/event-stream.ts';
import { engineOf } from '../engine.ts';
import { eventsOf, resultOf } from '../testing/collect.ts';
import { countPasses, kinds, LONG, toyEngine } from '../testing/toy-engine.ts';
import { IMAGE_TOKENS, toyModel, toyPicture } from '../testing/toy-model.ts';

const numRuns = Math.min(3000, Number(process.env.MSD_FUZZ ?? 300)) / 3;
const PAPER = { total: 59, depth: 5, topK: 10 };

describe('events', () => {
  it('come in order: start, prefill, the first token, tokens before their round, done', async () => {
    const events = await eventsOf(toyEngine(), { ...LONG, tree: PAPER });
    expect(kinds(events)).toMatch(/^start (prefill )+token ((token )+round )+done$/);
  });

  it('give the ids and the text of the result', async () => {
    const events = await eventsOf(toyEngine(), { ...LONG, tree: PAPER });
    const tokens = events.filter((event) => event.type === 'token');
    const done = events.at(-1);
    const result = done?.type === 'done' ? done.result : undefined;
    expect(tokens.map(({ id }) => id)).toEqual(result?.ids);
    expect(tokens.map(({ text }) => text).join('')).toBe(result?.text);
  });

  it('mark as drafted what the rounds count as accepted', async () => {
    const events = await eventsOf(toyEngine(), { ...LONG, tree: PAPER });
    const drafted = events.filter((event) => event.type === 'token' && event.drafted).length;
    const accepted = events.map((event) => (event.type === 'round' ? event.round.accepted : 0));
    expect(drafted).toBe(accepted.reduce((a, b) => a + b, 0));
    expect(drafted).toBeGreaterThan(30);
  });

  it('tell of each chunk of the prompt how far it is', async () => {
    const prompt = 'abcdefgh'.repeat(150);
    const events = await eventsOf(toyEngine(), { prompt, maxTokens: 1 });
    const done = events.flatMap((event) => (event.type === 'prefill' ? [event.done] : []));
    expect(done.length).toBeGreaterThan(1);
    expect(done.at(-1)).toBe(1201);
    expect(done).toEqual([...done].sort((a, b) => a - b));
  });

  it.each([
    ['a quarter of a second', 10, 100, 4, 10],
    ['four plain passes, where those take longer', 200, 1000, 50, 40],
    ['a second, where one pass takes long', 400, 1000, 50, 50],
    ['two plain passes, where one takes very long, but whole blocks', 1000, 2000, 80, 64],
    ['as many whole blocks as that', 10, 100, 80, 192],
    ['512 rows at most', 1, 1, 59, 512],
    ['eight rows at least', 10, 1000, 10, 8],
  ])('read in the first chunk what takes %s', async (_, plain, ms, rows, first) => {
    const target = [
      { rows: 1, ms: plain },
      { rows, ms },
    ];
    const engine = toyEngine({ costs: { target, draftLevel: 1, host: 0 } });
    const events = await eventsOf(engine, { prompt: 'abcdefgh'.repeat(150), maxTokens: 1 });
    expect(events.find(({ type }) => type === 'prefill')).toMatchObject({ done: first });
  });
});

/** A call costs as much as half a plain pass. */
const DEAR_DRAFT = {
  target: [
    { rows: 1, ms: 1 },
    { rows: 8, ms: 1.1 },
  ],
  draftLevel: 0.5,
  host: 0,
};

describe('an answer', () => {
  const sampling = fc.record({
    temperature: fc.constantFrom(0, 0.7, 1),
    topP: fc.constantFrom(1, 0.9),
    seed: fc.nat(1000),
  });
  const tree = fc.oneof(
    fc.constant('auto' as const),
    fc.integer({ min: 1, max: 64 }),
    fc.record({
      total: fc.integer({ min: 1, max: 59 }),
      depth: fc.integer({ min: 0, max: 5 }),
      topK: fc.integer({ min: 1, max: 10 }),
    }),
  );
  const prompt = fc.stringMatching(/^[a-p]{1,30}$/);
  const drafter = fc.constantFrom('msd' as const, 'prompt-lookup' as const);

  it('is that of plain decoding, whatever drafts, greedy and sampled', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(50), sampling, tree, prompt, drafter, async (seed, ...given) => {
        const [law, tree, prompt, drafter] = given;
        const options = { ...law, prompt, maxTokens: 40 };
        const plain = await resultOf(toyEngine({ seed }), { ...options, drafter: 'none' });
        const fast = await resultOf(toyEngine({ seed }), { ...options, tree, drafter });
        expect(fast.ids).toEqual(plain.ids);
        expect(fast.finishReason).toBe(plain.finishReason);
      }),
      { numRuns },
    );
  });

  it('is that of plain decoding where guesses from the text are joined with the draft’s, and a prediction is read', async () => {
    const seen = { alone: 0, together: 0 };
    await fc.assert(
      fc.asyncProperty(fc.nat(50), sampling, prompt, prompt, async (seed, law, prompt, guess) => {
        const options = { ...law, prompt, maxTokens: 60, ignoreEos: true };
        const plain = await resultOf(toyEngine({ seed }), { ...options, drafter: 'none' });
        const engine = toyEngine({ seed, joined: true, costs: DEAR_DRAFT });
        for (const read of [{}, { prediction: guess }, { prediction: plain.text || guess }]) {
          const fast = await resultOf(engine, { ...options, ...read });
          expect(fast.ids).toEqual(plain.ids);
          expect(fast.run).toMatchObject({ drafter: 'msd', beside: 'recycled' });
          for (const { asked, accepted } of fast.rounds) {
            if (accepted > 0) seen[asked ? 'together' : 'alone'] += 1;
          }
        }
      }),
      { numRuns: numRuns / 10 },
    );
    expect(seen.alone, 'rounds without a call of the draft').toBeGreaterThan(10);
    expect(seen.together).toBeGreaterThan(10);
  });

  it('goes on with a conversation, joined as alone', async () => {
    const [engine, plain] = [toyEngine({ joined: true }), toyEngine()];
    const messages: ChatMessage[] = [{ role: 'user', content: 'abcabdabc' }];
    for (let turn = 0; turn < 4; turn += 1) {
      const asked = { messages, maxTokens: 6 };
      const wanted = await resultOf(plain, { ...asked, drafter: 'none' });
      // Turn about with a drafter that is asked for by name, which leaves the other's guesses behind.
      const drafter = turn % 2 === 1 ? 'msd' : 'auto';
      const answered = await resultOf(engine, { ...asked, drafter });
      expect(answered.ids).toEqual(wanted.ids);
      if (turn > 0) expect(answered.cachedTokens).toBeGreaterThan(0);
      messages.push({ role: 'assistant', content: wanted.text }, { role: 'user', content: 'abd' });
    }
  });

  it('stays with a drafter that was asked for by name, and with a tree that was', async () => {
    const engine = toyEngine({ joined: true });
    for (const asked of [{ drafter: 'msd' }, { tree: PAPER }, { tree: 8 }] as const) {
      expect((await resultOf(engine, { ...LONG, ...asked })).run.beside).toBeNull();
    }
  });

  it('ends at exactly the tokens that were asked for, and drafts no level beyond them', async () => {
    const whole = await resultOf(toyEngine(), LONG);
    for (let maxTokens = 1; maxTokens <= 20; maxTokens++) {
      const result = await resultOf(toyEngine(), { ...LONG, maxTokens, tree: PAPER });
      expect(result.ids).toEqual(whole.ids.slice(0, maxTokens));
      expect(result.finishReason).toBe('length');
    }
    const { trees } = await resultOf(toyEngine(), { ...LONG, maxTokens: 3, tree: PAPER });
    expect(Object.keys(trees)).toEqual(expect.arrayContaining(['59,0,10']));
    expect(Object.keys(trees).every((name) => /^(59,0,10|plain)$/.test(name))).toBe(true);
  });

  it('fills the context exactly', async () => {
    // The toy target throws at a row beyond its context.
    for (let contextLength = 8; contextLength <= 40; contextLength++) {
      const result = await resultOf(toyEngine({ contextLength }), { ...LONG, tree: PAPER });
      expect(result.promptTokens + result.ids.length).toBe(contextLength);
      expect(result.finishReason).toBe('length');
    }
  });

  it('is refused when the prompt leaves no room for it', async () => {
    const refused = resultOf(toyEngine({ contextLength: 7 }), LONG); // 6 letters and the template's
    await expect(refused).rejects.toMatchObject({ name: 'ContextLengthError', promptTokens: 7 });
  });

  it('ends with the end token, also inside an accepted path', async () => {
    let inside = 0;
    for (let seed = 0; seed < 40; seed++) {
      const options = { ...LONG, ignoreEos: false };
      const free = await resultOf(toyEngine({ seed }), LONG);
      const events = await eventsOf(toyEngine({ seed }), { ...options, tree: PAPER });
      const done = events.at(-1);
      const ids = done?.type === 'done' ? done.result.ids : [];
      const end = free.ids.indexOf(0);
      expect(ids).toEqual(end < 0 ? free.ids : free.ids.slice(0, end + 1));
      const last = events.filter((event) => event.type === 'token').at(-1);
      if (end >= 0 && last?.drafted) inside++;
    }
    expect(inside).toBeGreaterThan(0);
  });

  it('ends before a stop text that stands across tokens', async () => {
    const { text } = await resultOf(toyEngine(), LONG);
    const stop = text.slice(20, 24);
    const result = await resultOf(toyEngine(), { ...LONG, stop: ['zz', stop], tree: PAPER });
    expect(result.text).toBe(text.slice(0, text.indexOf(stop)));
    expect(result.finishReason).toBe('stop');
  });

  it('counts passes and trees', async () => {
    const { ids, passes, tokensPerPass, trees, rounds } = await resultOf(toyEngine(), LONG);
    expect(rounds.length).toBe(passes);
    expect(tokensPerPass).toBeCloseTo((ids.length - 1) / passes);
    expect(Object.values(trees).reduce((a, b) => a + b, 0)).toBe(passes);
  });

  it('says beforehand what will draft, and why', async () => {
    const [start] = await eventsOf(toyEngine(), LONG);
    expect(start).toMatchObject({
      run: { drafter: 'msd', tree: 'auto', choice: expect.stringMatching(/^trees of /) },
    });
    const [plain] = await eventsOf(toyEngine(), { ...LONG, drafter: 'none', tree: PAPER });
    expect(plain).toMatchObject({ run: { drafter: 'none', tree: 'plain', choice: null } });
  });

  it('takes as many rows as were asked for, best first, in every round that has room for them', async () => {
    const { trees, rounds } = await resultOf(toyEngine(), { ...LONG, tree: 6 });
    expect(Object.keys(trees).filter((name) => name !== 'plain')).toEqual(['6']);
    expect(Math.max(...rounds.map(({ nodes }) => nodes))).toBe(6);
    expect(rounds.filter(({ nodes }) => nodes === 6).length).toBeGreaterThan(rounds.length / 2);
  });

  it('names the rounds of auto by the rows that they verified', async () => {
    const { trees, rounds } = await resultOf(toyEngine(), LONG);
    const counted: Record<string, number> = {};
    for (const { nodes } of rounds) {
      const name = nodes === 1 ? 'plain' : String(nodes);
      counted[name] = (counted[name] ?? 0) + 1;
    }
    expect(trees).toEqual(counted);
  });

  it('obeys a forced tree in every round that has room for it', async () => {
    const { trees } = await resultOf(toyEngine(), {
      ...LONG,
      tree: { total: 4, depth: 1, topK: 3 },
    });
    expect(trees['4,1,3']).toBeGreaterThan(10);
    expect(Object.keys(trees).filter((name) => !/^4,[01],3$|^plain$/.test(name))).toEqual([]);
  });
});

describe('what is learnt of the trees', () => {
  const choiceOf = async (engine: ReturnType<typeof toyEngine>) => {
    const [start] = await eventsOf(engine, { ...LONG, maxTokens: 1 });
    return start?.type === 'start' ? start.run.choice : null;
  };

  it('is kept for the next request, the round that ended the answer included', async () => {
    const engine = toyEngine();
    expect(await choiceOf(engine)).toContain('no draft was seen yet');
    const { text } = await resultOf(toyEngine(), LONG);
    const stop = [text.slice(20, 24)];
    const { passes } = await resultOf(engine, {
      ...LONG,
      maxTokens: 500,
      stop,
      tree: { total: 8, depth: 5, topK: 2 },
    });
    expect(await choiceOf(engine)).toContain(`after ${passes} rounds`);
  });

  it('does not count the reading of the prompt against a round', async () => {
    const engine = toyEngine({ draftMsPerRow: 1 });
    const prompt = 'abcdefgh'.repeat(100);
    const tree = { total: 8, depth: 4, topK: 4 };
    const { rounds, timings, promptTokens } = await resultOf(engine, { ...LONG, prompt, tree });
    expect(timings.draft).toBeGreaterThanOrEqual(promptTokens);
    // A round reads what the one before accepted, and its bonus token.
    rounds.forEach(({ draftMs }, i) => {
      expect(draftMs).toBe(i === 0 ? 0 : (rounds[i - 1]?.accepted ?? 0) + 1);
    });
  });
});

describe('several requests at once', () => {
  it('say what each says alone, greedy and sampled, and take turns', async () => {
    const requests: GenerateOptions[] = [
      LONG,
      { ...LONG, prompt: 'fedc', temperature: 1, seed: 7 },
      { ...LONG, prompt: 'ab', drafter: 'none' },
      { ...LONG, prompt: 'abcabd', drafter: 'prompt-lookup', temperature: 0.7, topP: 0.9 },
      { ...LONG, images: [toyPicture('x')] },
    ];
    const { wrap, passes } = countPasses();
    const engine = toyEngine({ wrap });
    const order: number[] = [];
    const together = requests.map(async (options, index) => {
      for await (const event of eventStream(engine, options)) {
        if (event.type === 'round') order.push(index);
        if (event.type === 'done') return event.result.ids;
      }
      throw new Error('no result');
    });
    const texts = await Promise.all(together);
    const shared = passes();
    for (const [index, options] of requests.entries()) {
      const lone = await resultOf(toyEngine({ wrap }), options);
      expect(texts[index]).toEqual(lone.ids);
    }
    expect(shared).toBeLessThan(0.6 * (passes() - shared));
    // While two of them write, neither has more than three rounds between two of the other's.
    for (const one of requests.keys()) {
      const own = order.flatMap((index, place) => (index === one ? [place] : []));
      for (const [i, place] of own.slice(1).entries()) {
        const between = order.slice(own[i], place);
        for (const other of requests.keys()) {
          expect(between.filter((index) => index === other).length).toBeLessThanOrEqual(3);
        }
      }
    }
  });
});

describe('turns of a conversation', () => {
  it('read again only what is new, and say what they say from scratch', async () => {
    const letters = fc.stringMatching(/^[a-p]{1,20}$/);
    const turn = fc.record({
      words: letters,
      picture: fc.constantFrom(undefined, 'x.png', 'y.png'),
      tree: fc.constantFrom('auto' as const, PAPER, { total: 1, depth: 0, topK: 1 }),
      drafter: fc.constantFrom('msd' as const, 'msd' as const, 'none' as const),
      temperature: fc.constantFrom(0, 1),
      cancelAt: fc.constantFrom(undefined, undefined, 3, 6, 9),
      forgets: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.nat(50), fc.array(turn, { maxLength: 8 }), async (seed, turns) => {
        const engine = toyEngine({ seed });
        let messages: NonNullable<GenerateOptions['messages']> = [];
        for (const { words, picture, forgets, cancelAt, ...how } of turns) {
          if (forgets) messages = [];
          const part = { type: 'text', text: words } as const;
          const content =
            picture === undefined
              ? [part]
              : [{ type: 'image' as const, image: toyPicture(picture) }, part];
          messages = [...messages, { role: 'user', content }];
          const options = { ...how, messages, maxTokens: 12 };
          const alone = await resultOf(toyEngine({ seed }), options);
          const cancel = new AbortController();
          let seen = 0;
          for await (const event of eventStream(engine, { ...options, signal: cancel.signal })) {
            if (++seen === cancelAt) cancel.abort();
            if (event.type !== 'done') continue;
            const { ids, finishReason } = event.result;
            expect(ids).toEqual(alone.ids.slice(0, ids.length));
            if (finishReason !== 'cancelled') expect(ids.length).toBe(alone.ids.length);
          }
          messages = [...messages, { role: 'assistant', content: alone.text }];
        }
      }),
      { numRuns },
    );
  });

  it('count what they kept: all that the turns share, but for the last row', async () => {
    const engine = toyEngine({ seed: 2 });
    const first = await resultOf(engine, { ...LONG, prompt: 'abcdef', maxTokens: 8 });
    expect(first.cachedTokens).toBe(0);
    const messages = [
      { role: 'user', content: 'abcdef' },
      { role: 'assistant', content: first.text },
      { role: 'user', content: 'ab' },
    ] as const;
    expect(first.text.length).toBe(first.ids.length); // no special token among them
    const second = await resultOf(engine, { messages });
    // The last token written is never in the caches, and the last shared row is read again.
    expect(second.cachedTokens).toBe(first.promptTokens + first.ids.length - 2);
  });

  it('keep nothing of another picture under the same words', async () => {
    const engine = toyEngine();
    const options = { ...LONG, prompt: 'abc', maxTokens: 2 };
    const picture = (text: string) => ({ ...options, images: [toyPicture(text)] });
    await resultOf(engine, picture('x.png'));
    expect((await resultOf(engine, picture('y.png'))).cachedTokens).toBe(0);
    const again = await resultOf(engine, picture('x.png'));
    expect(again.cachedTokens).toBe(IMAGE_TOKENS + 4 - 1);
  });

  it('go on with a draft that read nothing, when the turn before was plain', async () => {
    const engine = toyEngine();
    await resultOf(engine, { ...LONG, tree: { total: 1, depth: 0, topK: 1 } });
    const drafted = await resultOf(engine, { ...LONG, tree: PAPER });
    expect(drafted.cachedTokens).toBe(6);
    expect(drafted.ids).toEqual((await resultOf(toyEngine(), LONG)).ids);
    expect(drafted.tokensPerPass).toBeGreaterThan(2);
  });
});

describe('a disposed engine', () => {
  it('ends running requests as cancelled and refuses others', async () => {
    const engine = toyEngine();
    const running = resultOf(engine, { ...LONG, maxTokens: 1000 });
    await engine.dispose();
    expect((await running).finishReason).toBe('cancelled');
    await expect(resultOf(engine, LONG)).rejects.toMatchObject({ name: 'DisposedError' });
  });

  it('is disposed once, however often it is asked', async () => {
    const { host, model } = toyModel();
    let disposed = 0;
    const engine = engineOf(host, { ...model, dispose: async () => void disposed++ });
    await Promise.all([engine.dispose(), engine.dispose()]);
    await engine.dispose();
    expect(disposed).toBe(1);
  });
});
