import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnswerOptions } from '../../contracts/generate.ts';
import { engineOf } from '../engine.ts';
import { resultOf } from '../testing/collect.ts';
import { toyModel } from '../testing/toy-model.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 100);

/** Forms over a toy's letters, which it never learnt. */
const regex = fc.constantFrom(
  '^(ab|cd)*$',
  '^[a-f]{3,9}(gh|i)+j$',
  '^abcdefgh(i|j)klmno[pq]*$',
  '^(a[b-e]|f{2})*g$',
  '^([^a]|aa)*$',
  'abc',
);
const ways = fc.record({
  regex,
  seed: fc.nat(50),
  tree: fc.oneof(fc.integer({ min: 2, max: 16 }), fc.constant('auto' as const)),
  drafter: fc.constantFrom('auto', 'msd', 'prompt-lookup'),
  temperature: fc.constantFrom(0, 0.8, 1.5),
  topK: fc.constantFrom(0, 3),
  maxTokens: fc.integer({ min: 1, max: 40 }),
});

const ask = (engine: ReturnType<typeof engineOf>, prompt: string, options: AnswerOptions) =>
  resultOf(engine, { prompt, ...options });

describe('an answer that keeps a form', () => {
  it('is the one that plain decoding writes, whatever drafts, alone and with others', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(ways, { minLength: 1, maxLength: 4 }), async (all) => {
        const { host, model } = toyModel({ seed: 3, joined: true });
        const engine = engineOf(host, model);
        const asked = all.map(({ regex, ...way }) => ({
          ...way,
          responseFormat: { type: 'regex', regex } as const,
        }));
        const plain = [];
        for (const one of asked)
          plain.push(await ask(engine, 'abcabd', { ...one, drafter: 'none' }));
        const together = await Promise.all(asked.map((one) => ask(engine, 'abcabd', one)));
        expect(together.map(({ ids }) => ids)).toEqual(plain.map(({ ids }) => ids));
        for (const [at, { text, finishReason }] of together.entries()) {
          const { regex } = all[at] as (typeof all)[number];
          if (finishReason === 'stop') expect(text).toMatch(new RegExp(regex, 'u'));
          else expect(finishReason).toBe('length');
        }
        await engine.dispose();
      }),
      { numRuns },
    );
  });

  it('takes fewer passes where its form forces text, with no call of a draft', async () => {
    const { host, model } = toyModel({ seed: 1 });
    const engine = engineOf(host, model);
    const responseFormat = { type: 'regex', regex: '^abcdefghijkl(m|n)opqrabc$' } as const;
    const ways = { responseFormat, maxTokens: 40 };
    const plain = await ask(engine, 'ab', { ...ways, drafter: 'none' });
    const forced = await ask(engine, 'ab', { ...ways, drafter: 'prompt-lookup', tree: 16 });
    expect(forced.text).toBe(plain.text);
    expect([plain.passes, forced.passes]).toEqual([20, 2]);
    expect(forced.run.beside).toBe('grammar');
  });

  it('is refused before anything runs where it can not be kept', async () => {
    const { host, model } = toyModel();
    const engine = engineOf(host, model);
    const refused = (options: AnswerOptions) => ask(engine, 'ab', options);
    const schema = { type: 'object', not: {} };
    await expect(
      refused({ responseFormat: { type: 'json_schema', json_schema: { schema } } }),
    ).rejects.toMatchObject({ code: 'schema_unsupported', path: '#', keyword: 'not' });
    await expect(
      refused({ responseFormat: { type: 'regex', regex: 'a' }, ignoreEos: true }),
    ).rejects.toMatchObject({ code: 'option_invalid', option: 'ignoreEos' });
    await expect(refused({ responseFormat: { type: 'xml' } as never })).rejects.toMatchObject({
      option: 'responseFormat',
    });
    await expect(refused({ toolChoice: 'required' })).rejects.toMatchObject({
      option: 'toolChoice',
    });
    await expect(
      refused({
        tools: [{ name: 'a' }],
        toolChoice: { type: 'function', function: { name: 'b' } },
      }),
    ).rejects.toMatchObject({ option: 'toolChoice' });
    await expect(refused({ tools: [{ name: 'a' }], toolChoice: 'required' })).rejects.toThrow(
      'no form that is known here',
    );
  });

  it('ends with an error of its own where no token can spell it; others go on', async () => {
    const { host, model } = toyModel({ seed: 1 });
    const engine = engineOf(host, model);
    const stuck = ask(engine, 'ab', { responseFormat: { type: 'regex', regex: '^ab!$' } });
    const other = ask(engine, 'abcabd', { maxTokens: 9 });
    await expect(stuck).rejects.toMatchObject({ code: 'grammar_stuck' });
    expect((await other).ids.length).toBeGreaterThan(0);
  });

  it('tells the target’s own logarithms, those of tokens that were left out too', async () => {
    const { host, model } = toyModel({ seed: 1 });
    const engine = engineOf(host, model);
    const told = { logprobs: true, topLogprobs: 20, maxTokens: 5 };
    const free = await ask(engine, 'ab', told);
    const kept = await ask(engine, 'ab', {
      ...told,
      responseFormat: { type: 'regex', regex: '^[m-r]*$' },
    });
    expect(kept.logprobs?.[0]?.top).toEqual(free.logprobs?.[0]?.top);
  });
});
