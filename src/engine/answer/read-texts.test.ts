import { describe, expect, it } from 'vitest';
import type { Drafter } from '../../contracts/drafter.ts';
import { PromptError } from '../../contracts/errors.ts';
import type { DecodeSettings } from '../../contracts/image.ts';
import type { Reading } from '../../contracts/reading.ts';
import { engineOf } from '../engine.ts';
import { openDrafters } from '../load/drafters.ts';
import { eventsOf, resultOf } from '../testing/collect.ts';
import { toyModel, toyPicture } from '../testing/toy-model.ts';

const CORNER = { x: 0, y: 0 };
const reading = (text: string): Reading => ({
  lines: text === '' ? [] : [{ text, confidence: 1, box: [CORNER, CORNER, CORNER, CORNER] }],
  text,
  leftOut: 0,
});

/** An engine whose reader says the same of every picture, and what was asked of it. */
function readingEngine(
  text: string,
  more: { eyes?: boolean; readsText?: boolean; drafter?: Drafter } = {},
) {
  const { host, model } = toyModel();
  const asked = { opened: 0, read: 0, disposed: 0, grounds: [] as DecodeSettings['ground'][] };
  const { config } = model.files;
  const own = more.readsText === undefined ? config : { ...config, readsText: more.readsText };
  const engine = engineOf(
    {
      ...host,
      decodeImage(file, settings) {
        asked.grounds.push(settings?.ground);
        return host.decodeImage(file);
      },
      async openReader() {
        asked.opened++;
        return {
          async read() {
            asked.read++;
            return reading(text);
          },
          async dispose() {
            asked.disposed++;
          },
        };
      },
    },
    {
      ...model,
      files: { ...model.files, config: own },
      ...(more.eyes === false && { pictures: null }),
      ...(more.drafter && { drafters: openDrafters([more.drafter]) }),
    },
  );
  return { engine, asked };
}

/** The toy's tokens from 2 on are letters. */
const letters = (ids: Int32Array): string => String.fromCharCode(...ids.map((id) => 95 + id));

const ask = { prompt: 'abc', images: [toyPicture('x')], maxTokens: 4, ignoreEos: true } as const;

describe('readText', () => {
  it('puts the words into the prompt, and tells what was read', async () => {
    const { engine } = readingEngine('qrq');
    const without = await resultOf(engine, ask);
    const [start, ...events] = await eventsOf(engine, { ...ask, readText: true });
    const readings = [{ ...reading('qrq'), picture: 'in memory (1 bytes)' }];
    expect(start).toMatchObject({ type: 'start', readings });
    const done = events.at(-1);
    if (done?.type !== 'done') throw new Error('an answer ends with its result');
    expect(done.result.readings).toEqual(readings);
    expect(done.result.promptTokens).toBeGreaterThan(without.promptTokens + 2);
    expect(without.readings).toBeUndefined();
  });

  it('opens the reader once, reads a picture once, and gives it back in the end', async () => {
    const { engine, asked } = readingEngine('q');
    await resultOf(engine, { ...ask, readText: true });
    await resultOf(engine, { ...ask, readText: true });
    await engine.dispose();
    expect(asked).toMatchObject({ opened: 1, read: 1, disposed: 1 });
  });

  it('reads what is transparent on white, and shows the tower what it always sees', async () => {
    const { engine, asked } = readingEngine('q');
    await resultOf(engine, { ...ask, readText: true });
    expect(asked.grounds).toEqual(['white', undefined]);
  });

  it('gives a model without eyes the words alone', async () => {
    const { engine } = readingEngine('qrq', { eyes: false });
    const { promptTokens } = await resultOf(engine, { ...ask, readText: true });
    const words = 'Text in the picture:\nqrq\n\nabc';
    const plain = await resultOf(engine, { prompt: words, maxTokens: 4, ignoreEos: true });
    expect(promptTokens).toBe(plain.promptTokens);
  });

  it('tells the drafter in every round what the question may ask for of the words', async () => {
    const told: (readonly Int32Array[] | undefined)[] = [];
    const drafter: Drafter = {
      ...{ name: 'spy', drafts: true, isNetwork: false },
      open: () => ({ length: 0, truncate() {}, dispose() {} }),
      async run(jobs) {
        for (const { grow } of jobs) if (grow !== undefined) told.push(grow.named?.names);
        return jobs.map(() => null);
      },
    };
    const { engine } = readingEngine('lone\nabc qr', { drafter });
    const tree = { total: 4, depth: 2, topK: 2 };
    await resultOf(engine, { ...ask, readText: true, tree });
    const [first, ...others] = told;
    expect(first?.map((ids) => letters(ids))).toEqual(['qr']);
    expect(others.length).toBeGreaterThan(0);
    for (const one of others) expect(one).toEqual(first);
    told.length = 0;
    await resultOf(engine, { ...ask, tree });
    for (const one of told) expect(one).toEqual([]);
  });

  it('refuses a picture of which such a model would be told nothing', async () => {
    const { engine } = readingEngine('', { eyes: false });
    const refusal = await resultOf(engine, { ...ask, readText: true }).catch((e: unknown) => e);
    expect(refusal).toBeInstanceOf(PromptError);
    expect(String(refusal)).toContain('No text was found in picture');
  });

  it('is as the model is made for, unless the request says', async () => {
    const { engine } = readingEngine('qrq', { readsText: true });
    expect((await resultOf(engine, ask)).readings).toHaveLength(1);
    expect((await resultOf(engine, { ...ask, readText: false })).readings).toBeUndefined();
  });

  it('is refused in words where the host has no reader', async () => {
    const { host, model } = toyModel();
    const engine = engineOf(host, model);
    const asked = resultOf(engine, { ...ask, readText: true });
    await expect(asked).rejects.toMatchObject({ name: 'OptionError', option: 'readText' });
  });
});
