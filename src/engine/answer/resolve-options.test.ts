import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OptionError, PromptError } from '../../contracts/errors.ts';
import type { GenerateOptions } from '../../contracts/generate.ts';
import { resolveOptions } from './resolve-options.ts';

/** Options as JavaScript callers may give them. */
const resolve = (options: unknown) => resolveOptions(options as GenerateOptions);

describe('resolveOptions', () => {
  it('fills in the defaults', () => {
    expect(resolve({ prompt: 'Hi' })).toEqual({
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }], plain: true }],
      images: [],
      sampling: { temperature: 0, topK: 0, topP: 1, minP: 0, seed: 0 },
      maxTokens: 256,
      stop: [],
      topLogprobs: null,
      ignoreEos: false,
      drafter: 'auto',
      tree: 'auto',
    });
  });

  it('takes undefined for a default', () => {
    expect(resolve({ prompt: 'Hi', seed: undefined, tree: undefined, signal: undefined })).toEqual(
      resolve({ prompt: 'Hi' }),
    );
  });

  it('takes tools and documents as JSON would keep them', () => {
    const tools = [{ type: 'function', function: { name: 'now', strict: undefined } }];
    const request = resolve({ prompt: 'Hi', tools, documents: [{ title: 'T' }] });
    expect(request.tools).toStrictEqual([{ type: 'function', function: { name: 'now' } }]);
    expect(request.documents).toEqual([{ title: 'T' }]);
  });

  it('puts pictures before the words and collects them', () => {
    const bytes = Uint8Array.of(1);
    const request = resolve({ prompt: 'Hi', images: ['x.png', bytes], system: 'Be brief.' });
    expect(request.images).toEqual(['x.png', bytes]);
    expect(request.messages.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(request.messages[1]?.content.map(({ type }) => type)).toEqual([
      'image',
      'image',
      'text',
    ]);
  });

  it('takes messages in place of a prompt', () => {
    const content = [
      { type: 'image_url', image_url: { url: 'x.png' } },
      { type: 'text', text: 'Hi' },
    ];
    expect(resolve({ messages: [{ role: 'user', content }] }).images).toEqual(['x.png']);
  });

  it('takes a prediction where it is read', () => {
    const asked = { prompt: 'Hi', prediction: 'Hello' };
    expect(resolve(asked).prediction).toBe('Hello');
    expect(resolve({ ...asked, drafter: 'suffix', tree: 8 }).prediction).toBe('Hello');
  });

  it.each<[string, object]>([
    ['prompt', {}],
    ['prediction', { prompt: 'Hi', prediction: '' }],
    ['prediction', { prompt: 'Hi', prediction: 5 }],
    ['prediction', { prompt: 'Hi', prediction: 'Hello', drafter: 'msd' }],
    ['prediction', { prompt: 'Hi', prediction: 'Hello', drafter: 'none' }],
    ['prediction', { prompt: 'Hi', prediction: 'Hello', tree: 8 }],
    ['prompt', { prompt: 'Hi', messages: [] }],
    ['prompt', { prompt: 5 }],
    ['images', { images: 'x.png' }],
    ['images', { images: [5] }],
    ['images', { prompt: undefined, messages: [{ role: 'user', content: 'Hi' }], images: ['x'] }],
    ['system', { system: 5 }],
    ['maxTokens', { maxTokens: 0 }],
    ['maxTokens', { maxTokens: 1.5 }],
    ['maxTokens', { maxTokens: '5' }],
    ['maxTokens', { maxTokens: Number.POSITIVE_INFINITY }],
    ['temperature', { temperature: -1 }],
    ['temperature', { temperature: Number.NaN }],
    ['temperature', { temperature: 101 }],
    ['topK', { topK: -1 }],
    ['topK', { topK: 0.5 }],
    ['topP', { topP: 0 }],
    ['topP', { topP: 1.1 }],
    ['minP', { minP: -0.1 }],
    ['minP', { minP: 2 }],
    ['seed', { seed: -1 }],
    ['seed', { seed: 2 ** 53 }],
    ['stop', { stop: 'x' }],
    ['stop', { stop: [''] }],
    ['stop', { stop: [5] }],
    ['ignoreEos', { ignoreEos: 1 }],
    ['logprobs', { logprobs: 5 }],
    ['topLogprobs', { logprobs: true, topLogprobs: 21 }],
    ['topLogprobs', { topLogprobs: 2 }],
    ['drafter', { drafter: 'medusa' }],
    ['tree', { tree: 'wide' }],
    ['tree', { tree: 0 }],
    ['tree', { tree: 65 }],
    ['tree', { tree: 7.5 }],
    ['tree', { tree: { total: 0, depth: 1, topK: 1 } }],
    ['tree', { tree: { total: 65, depth: 1, topK: 1 } }],
    ['tree', { tree: { total: 8, depth: 1 } }],
    ['tree', { tree: { total: 8, depth: 1, topK: 65 } }],
    ['tree', { tree: { total: 8, depth: 1, topK: 1, width: 5 } }],
    ['tools', { tools: {} }],
    ['tools', { tools: ['now'] }],
    ['tools', { tools: [{ most: 1n }] }],
    ['documents', { documents: [null] }],
    ['signal', { signal: {} }],
    ['signal', { signal: true }],
  ])('refuses a bad %s: %o', (option, given) => {
    const options = option === 'prompt' ? given : { prompt: 'Hi', ...given };
    expect(() => resolve(options)).toThrow(OptionError);
    expect(() => resolve(options)).toThrow(expect.objectContaining({ option }));
  });

  it.each([undefined, null, 5, 'Hi', [], () => {}])('refuses %o in place of options', (options) => {
    expect(() => resolve(options)).toThrow(expect.objectContaining({ option: expect.any(String) }));
  });

  it('takes the name of any drafter that the engine knows', () => {
    const options = { prompt: 'Hi', drafter: 'mine' };
    expect(resolveOptions(options, ['none', 'mine']).drafter).toBe('mine');
    expect(() => resolveOptions(options, ['none'])).toThrow('must be auto, none.');
  });

  it('names an option that it does not know', () => {
    expect(() => resolve({ prompt: 'Hi', maxTokes: 5 })).toThrow(
      expect.objectContaining({ option: 'maxTokes' }),
    );
  });

  it.each([
    ['an empty prompt', { prompt: ' \n' }],
    ['no message', { messages: [] }],
    ['null for messages', { messages: null }],
    ['a message without a role', { messages: [{ content: 'Hi' }] }],
    ['a part of a kind that it does not know', { messages: [{ role: 'user', content: [{}] }] }],
    ['two system messages', { messages: [{ role: 'system', content: 'a' }], system: 'b' }],
    ['the assistant in the last place', { messages: [{ role: 'assistant', content: 'Hi' }] }],
  ])('refuses %s as a PromptError', (_, options) => {
    expect(() => resolve(options)).toThrow(PromptError);
  });

  it('gives a request within bounds, or an OptionError or PromptError, for anything', () => {
    const odd = fc.oneof(fc.anything(), fc.integer(), fc.double(), fc.constantFrom(-0, 0.5, 1e9));
    const some = (good: fc.Arbitrary<unknown>) =>
      fc.oneof({ weight: 30, arbitrary: good }, { weight: 1, arbitrary: odd });
    const part = fc.oneof(
      fc.record({ type: fc.constant('text'), text: fc.string() }),
      fc.record({ type: fc.constant('image'), image: fc.string() }),
      fc.record({ type: fc.constant('image_url'), image_url: fc.record({ url: fc.string() }) }),
    );
    const message = fc.record({
      role: fc.constantFrom('user', 'user', 'assistant', 'system'),
      content: fc.oneof(fc.string(), fc.array(some(part))),
    });
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    const asked = fc.oneof(
      fc.record(
        {
          prompt: some(fc.string()),
          images: some(fc.array(some(fc.oneof(fc.string(), fc.uint8Array())), { maxLength: 3 })),
        },
        { requiredKeys: [] },
      ),
      fc.record({ messages: some(fc.array(some(message), { maxLength: 4 })) }),
    );
    const settings = fc.record(
      {
        system: some(fc.string()),
        maxTokens: some(fc.integer({ min: 1, max: 1000 })),
        temperature: some(unit),
        topK: some(fc.nat(100)),
        topP: some(unit),
        minP: some(unit),
        seed: some(fc.nat()),
        stop: some(fc.array(some(fc.string({ minLength: 1 })), { maxLength: 3 })),
        ignoreEos: some(fc.boolean()),
        drafter: some(fc.constantFrom('auto', 'msd', 'eagle', 'prompt-lookup', 'none')),
        tree: some(
          fc.oneof(
            fc.constant('auto'),
            fc.integer({ min: 1, max: 64 }),
            fc.record({
              total: fc.integer({ min: 1, max: 64 }),
              depth: fc.nat(64),
              topK: fc.integer({ min: 1, max: 64 }),
            }),
          ),
        ),
        signal: some(fc.constant(new AbortController().signal)),
      },
      { requiredKeys: [] },
    );
    const options = fc.tuple(asked, settings).map(([words, how]) => ({ ...words, ...how }));
    const numRuns = Number(process.env.MSD_FUZZ ?? 300);
    let good = 0;
    fc.assert(
      fc.property(some(options), (given) => {
        try {
          const request = resolve(given);
          good++;
          expectWithinBounds(request);
          structuredClone(request); // it crosses to a thread
        } catch (error) {
          if (!(error instanceof OptionError || error instanceof PromptError)) throw error;
          expect(error.message).toMatch(/^.+[.]$/s);
        }
      }),
      { numRuns },
    );
    expect(good).toBeGreaterThan(numRuns / 10);
  });
});

function expectWithinBounds({
  sampling,
  maxTokens,
  stop,
  tree,
  messages,
  images,
}: ReturnType<typeof resolve>) {
  const { temperature, topK, topP, minP, seed } = sampling;
  const whole = [
    maxTokens,
    topK,
    seed,
    ...(typeof tree === 'object' ? Object.values(tree) : [tree === 'auto' ? 1 : tree]),
  ];
  expect(whole.every((value) => Number.isSafeInteger(value) && value >= 0)).toBe(true);
  expect(maxTokens).toBeGreaterThan(0);
  expect(temperature >= 0 && temperature <= 100).toBe(true);
  expect(topP > 0 && topP <= 1 && minP >= 0 && minP <= 1).toBe(true);
  expect(stop).not.toContain('');
  const places = messages.flatMap(({ content }) => content.filter(({ type }) => type === 'image'));
  expect(places.length).toBe(images.length);
}
