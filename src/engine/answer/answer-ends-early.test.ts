import { describe, expect, it } from 'vitest';
import type { GenerateEvent } from '../../contracts/generate.ts';
import type { Sequence, Target } from '../../contracts/target.ts';
import { eventStream } from '../border/event-stream.ts';
import { eventsOf, resultOf } from '../testing/collect.ts';
import { countPasses, kinds, LONG, toyEngine } from '../testing/toy-engine.ts';
import { toyPicture } from '../testing/toy-model.ts';

const PAPER = { total: 59, depth: 5, topK: 10 };

describe('a cancelled request', () => {
  const options = { ...LONG, images: [toyPicture('x'), toyPicture('y')], tree: PAPER };

  it('ends at the next unit with the text so far, wherever it stood, and the next answer is whole', async () => {
    const engine = toyEngine();
    const whole = await eventsOf(toyEngine(), options);
    const { text } = await resultOf(toyEngine(), options);
    for (let after = 0; after < whole.length - 1; after++) {
      const cancel = new AbortController();
      const seen: GenerateEvent[] = [];
      if (after === 0) cancel.abort();
      for await (const event of eventStream(engine, { ...options, signal: cancel.signal })) {
        seen.push(event);
        if (seen.length === after) cancel.abort();
      }
      const done = seen.at(-1);
      if (done?.type !== 'done') throw new Error('no result');
      const finished = done.result.finishReason === 'length';
      expect(finished || done.result.finishReason === 'cancelled').toBe(true);
      expect(text.startsWith(done.result.text)).toBe(true);
      expect(seen.filter(({ type }) => type === 'round').length).toBeLessThan(after + 2);
      expect((await resultOf(engine, options)).text).toBe(text);
    }
  });

  it('reads no further picture', async () => {
    const cancel = new AbortController();
    const decoded: string[] = [];
    const engine = toyEngine({
      imageDecoded: (source) => {
        decoded.push(source);
        cancel.abort();
      },
    });
    const events = await eventsOf(engine, { ...options, signal: cancel.signal });
    expect(decoded).toEqual(['x']);
    expect(kinds(events)).toBe('start done');
  });

  it('gives out the text that was held back for a stop text', async () => {
    const { text } = await resultOf(toyEngine(), LONG);
    const cancel = new AbortController();
    let shown = '';
    const stop = [`${text.slice(3, 30)}z`];
    for await (const event of eventStream(toyEngine(), { ...LONG, stop, signal: cancel.signal })) {
      if (event.type === 'round') cancel.abort();
      if (event.type === 'token') shown += event.text;
      if (event.type === 'done') expect(event.result.text).toBe(shown);
    }
    expect(shown.length).toBeGreaterThan(3);
    expect(text.startsWith(shown)).toBe(true);
  });

  it('is one whose loop was left', async () => {
    const { wrap, passes } = countPasses();
    const engine = toyEngine({ wrap });
    for await (const event of eventStream(engine, LONG)) if (event.type === 'token') break;
    expect(passes()).toBeLessThan(4);
  });
});

describe('a request that fails', () => {
  /** Fails at one pass, counted from 1. */
  const failing = (at: number) => {
    let passes = 0;
    let open = 0;
    const wrap = (target: Target): Target => ({
      ...target,
      open() {
        open++;
        const sequence = target.open();
        const dispose = sequence.dispose;
        sequence.dispose = () => {
          open--;
          dispose();
        };
        return sequence;
      },
      async forward(steps) {
        passes++;
        if (passes === at) throw new Error('out of luck');
        return target.forward(steps);
      },
    });
    return { wrap, opened: () => open };
  };

  it.each([1, 2, 5])('at pass %d gives back its caches, and the engine goes on', async (at) => {
    const { wrap, opened } = failing(at);
    const engine = toyEngine({ wrap });
    await expect(resultOf(engine, LONG)).rejects.toThrow('out of luck');
    expect(opened()).toBe(0);
    expect((await resultOf(engine, LONG)).ids).toEqual((await resultOf(toyEngine(), LONG)).ids);
  });

  it('gives its events before its error', async () => {
    const events: GenerateEvent[] = [];
    const engine = toyEngine({ wrap: failing(4).wrap });
    const run = async () => {
      for await (const event of eventStream(engine, { ...LONG, tree: PAPER })) events.push(event);
    };
    await expect(run()).rejects.toThrow('out of luck');
    expect(kinds(events)).toMatch(/^start prefill token ((token )+round ?)+$/);
  });

  it.each([LONG, { ...LONG, drafter: 'none' as const }])(
    'does not hurt another that runs at the same time (%#)',
    async (options) => {
      // Every pass fails that the first text takes part in, from the third on.
      let passes = 0;
      let first: Sequence | undefined;
      const wrap = (target: Target): Target => ({
        ...target,
        async forward(steps) {
          first ??= steps[0]?.sequence;
          passes += 1;
          if (passes > 2 && steps.some(({ sequence }) => sequence === first)) {
            throw new Error('out of luck');
          }
          return target.forward(steps);
        },
      });
      const engine = toyEngine({ wrap });
      const other = { ...options, prompt: 'fedcba' };
      const both = [resultOf(engine, options), resultOf(engine, other)];
      const [one, two] = await Promise.allSettled(both);
      expect(one).toMatchObject({ status: 'rejected', reason: { message: 'out of luck' } });
      const alone = await resultOf(toyEngine(), other);
      expect(two).toMatchObject({ status: 'fulfilled', value: { ids: alone.ids } });
    },
  );

  it('of bad luck in a shared pass alone is asked again by itself', async () => {
    const engine = toyEngine({ wrap: failing(6).wrap });
    const both = [resultOf(engine, LONG), resultOf(engine, { ...LONG, prompt: 'fedcba' })];
    const [one, two] = await Promise.all(both);
    expect(one?.ids).toEqual((await resultOf(toyEngine(), LONG)).ids);
    expect(two?.ids).toEqual((await resultOf(toyEngine(), { ...LONG, prompt: 'fedcba' })).ids);
  });

  it('by its picture or its drafter leaves the engine as it was', async () => {
    const engine = toyEngine();
    const broken = resultOf(engine, { ...LONG, images: [toyPicture('broken')] });
    await expect(broken).rejects.toMatchObject({ name: 'ImageError' });
    const eagle = resultOf(engine, { ...LONG, drafter: 'eagle' });
    await expect(eagle).rejects.toMatchObject({ name: 'DrafterUnavailableError' });
    expect((await resultOf(engine, LONG)).ids.length).toBe(60);
  });
});
