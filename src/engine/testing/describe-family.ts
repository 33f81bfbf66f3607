import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeEarlyDraft } from '../../checkpoint/testing/write-early-draft.ts';
import type { GenerateOptions, GenerateResult } from '../../contracts/generate.ts';
import { load, type MsdModel } from '../../load.ts';
import { consecutive } from '../../model/consecutive.ts';
import { loadModel } from '../load/load-model.ts';
import type { Model } from '../model.ts';
import { createNodeHost } from '../node/node-host.ts';
import { familyFixture, messagesOf } from './family-fixture.ts';
import { type FamilyReader, familyReader } from './family-reader.ts';

const PIXELS = 2e-6;
const NUMBERS = 2e-4;
/** Drafters with trees that are forced on them: one path, and many branches. `auto` is what the draft was made for. */
const DRAFTERS = [
  { drafter: 'prompt-lookup', tree: { total: 6, depth: 4, topK: 1 } },
  { drafter: 'prompt-lookup', tree: { total: 24, depth: 5, topK: 8 } },
  { drafter: 'auto', tree: { total: 24, depth: 5, topK: 8 } },
] as const;

/**
 * Checks all that Hugging Face recorded of fixtures/families/`name`: prompts, pixels, embeddings, features, logits, words
 * and a tree; positions where they were recorded, as M-RoPE has them.
 */
export function describeFamily(name: string): void {
  const fixture = familyFixture(name);
  const { cases, tree } = fixture;

  describe(`${name} against Hugging Face`, () => {
    let model: Model;
    let reader: FamilyReader;
    beforeAll(async () => {
      const settings = { model: fixture.model, draft: null, device: 'cpu', threads: 1 } as const;
      const host = await createNodeHost(settings);
      const costs = { target: [], draftLevel: 0, host: 0 };
      const readCosts = async () => ({ costs, steady: true });
      model = await loadModel({ ...host, readCosts }, settings);
      reader = familyReader(fixture, model);
    });
    afterAll(() => model?.dispose());

    describe.each(cases)('case $name', (one) => {
      it('has the same prompt, its placeholders widened to the same ids', () => {
        const { text, ids, spans } = reader.promptOf(one);
        expect(text).toBe(one.prompt);
        expect([...ids]).toEqual(one.input_ids);
        const slots = spans.reduce((sum, { length }) => sum + length, 0);
        const [rows] = one.images.length > 0 ? fixture.shape(`${one.name}.image_features`) : [0];
        expect(slots).toBe(rows);
      });

      const positions = `${one.name}.position_ids`;
      it.runIf(fixture.has(positions))('has the same positions', () => {
        const { positions: got, ids } = reader.promptOf(one);
        const places = consecutive(ids.length);
        const axes = [got?.time, got?.height, got?.width].flatMap((axis) => [...(axis ?? places)]);
        expect(axes).toEqual(fixture.integers(positions));
      });

      it.runIf(one.images.length > 0)('has the same pixels', () => {
        expect(reader.pixels(one)).toBeLessThan(PIXELS);
      });

      it.runIf(one.images.length > 0)('has the same visual embeddings', async () => {
        expect(await reader.embeddings(one)).toBeLessThan(NUMBERS);
      });

      it('has the same features and logits', async () => {
        const { hidden, logits } = await reader.prompt(one);
        expect(hidden).toBeLessThan(NUMBERS);
        expect(logits).toBeLessThan(NUMBERS);
      });
    });

    it('has the same features and logits in a tree behind a prompt', async () => {
      const { hidden, logits, root } = await reader.tree();
      expect(root).toBe(tree.positions[0]?.[0]);
      expect(hidden).toBeLessThan(NUMBERS);
      expect(logits).toBeLessThan(NUMBERS);
    });
  });

  describe(`${name}, loaded as users do`, () => {
    let model: MsdModel;
    const draft = mkdtempSync(join(tmpdir(), 'msd-family-'));
    beforeAll(async () => {
      await writeEarlyDraft(fixture.model, draft);
      model = await load({ model: fixture.model, draft, threads: 1, thread: false });
    });
    afterAll(async () => {
      await model?.dispose();
      rmSync(draft, { recursive: true, force: true });
    });

    it.each(cases)('answers case $name with the greedy words of Hugging Face', async (one) => {
      const messages = messagesOf(one);
      const plain = await resultOf(model, { messages, drafter: 'none', maxTokens: 24 });
      expect(plain.ids).toEqual(one.greedy_ids);
      expect(plain.text.trim()).toBe(one.greedy_text.trim());
    });

    it.each(DRAFTERS)('answers as without with $drafter, in trees of $tree.total', async (ask) => {
      const limits = { maxTokens: 64, ignoreEos: true } as const;
      let accepted = 0;
      for (const one of cases) {
        const request = { messages: messagesOf(one), ...limits };
        const plain = await resultOf(model, { ...request, drafter: 'none' });
        const drafted = await resultOf(model, { ...request, ...ask });
        expect(drafted.ids).toEqual(plain.ids);
        accepted += drafted.acceptedPerPass.reduce((sum, kept) => sum + kept, 0);
      }
      expect(accepted).toBeGreaterThan(0);
    });
  });
}

async function resultOf(model: MsdModel, options: GenerateOptions): Promise<GenerateResult> {
  for await (const event of model.generate(options)) {
    if (event.type === 'done') return event.result;
  }
  throw new Error('an answer ends with its result');
}
