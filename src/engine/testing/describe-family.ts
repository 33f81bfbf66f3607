/**
 * Hugging Face's numbers for the small checkpoint of a family, asked of the engine's own code: prompts, pixels,
 * embeddings, features, logits, words and a tree. What only some families have is checked where it was recorded.
 */
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { GenerateOptions, GenerateResult } from '../../contracts/generate.ts';
import { floatsOf } from '../../contracts/session.ts';
import type { Forward, Sequence } from '../../contracts/target.ts';
import { normaliseMessages } from '../../input/messages.ts';
import {
  floats,
  golden,
  goldenImage,
  largestDifference,
  readGoldens,
  readJson,
  repositoryPath,
} from '../../input/node/testing/read-goldens.ts';
import { load, type MsdModel } from '../../load.ts';
import { consecutive } from '../../model/consecutive.ts';
import { chunkStep } from '../chunk-step.ts';
import { loadModel, type Model } from '../load-model.ts';
import { createNodeHost } from '../node/node-host.ts';
import { type PreparedPrompt, readPrompt } from '../read-prompt.ts';
import { look } from '../see-pictures.ts';

const part = z.object({ type: z.enum(['image', 'text']), text: z.string().optional() });
const familyFile = z.object({
  cases: z.array(
    z.object({
      name: z.string(),
      messages: z.array(z.object({ role: z.string(), content: z.array(part) })),
      images: z.array(z.string()),
      prompt: z.string(),
      input_ids: z.array(z.int()),
      greedy_ids: z.array(z.int()),
      greedy_text: z.string(),
    }),
  ),
  tree: z.object({
    case: z.string(),
    tokens: z.array(z.int()),
    parents: z.array(z.int()),
    /** One, or three where the model has axes. */
    positions: z.array(z.union([z.int().transform((one) => [one, one, one]), z.array(z.int())])),
  }),
});

type Case = z.infer<typeof familyFile>['cases'][number];

const IMAGES = 'fixtures/families/images';
const PIXELS = 2e-6;
const NUMBERS = 2e-4;
/** Trees that are forced on drafters: one path, and many branches. */
const TREES = [
  { total: 6, depth: 4, topK: 1 },
  { total: 24, depth: 5, topK: 8 },
];

/** Checks all that was recorded of fixtures/families/`name`. */
export function describeFamily(name: string): void {
  const folder = `fixtures/families/${name}`;
  const { cases, tree } = familyFile.parse(readJson(`${folder}/cases.json`));
  const goldens = readGoldens(`${folder}/goldens.safetensors`);
  const decoded = readGoldens(`${IMAGES}/decoded.safetensors`);
  const numbers = (tensor: string) => floats(golden(goldens, tensor));
  const settings = {
    model: repositoryPath(folder),
    draft: null,
    device: 'cpu',
    threads: 1,
  } as const;

  describe(`${name} against Hugging Face`, () => {
    let model: Model;
    beforeAll(async () => {
      const host = await createNodeHost(settings);
      const readCosts = async () => ({ target: [], draftLevel: 0, host: 0 });
      model = await loadModel({ ...host, readCosts }, settings);
    });
    afterAll(() => model?.dispose());

    const imagesOf = ({ images }: Case) => images.map((file) => goldenImage(decoded, file));

    /** The prompt from the messages, its pictures as Hugging Face's decoder reads them. */
    function promptOf(one: Case) {
      const layouts = imagesOf(one).map((image) => {
        if (model.pictures === null) throw new Error('the model reads no pictures');
        return model.pictures.layout(image);
      });
      return readPrompt(model, normaliseMessages(messagesOf(one)), layouts);
    }

    async function prepare(one: Case): Promise<PreparedPrompt> {
      const pictures = [];
      for (const image of imagesOf(one)) {
        pictures.push({ digest: '', embeddings: await look(model, image) });
      }
      return { ...promptOf(one), pictures };
    }

    /** Reads a whole prompt in one pass; its last 8 heads are wanted. */
    async function readWhole(one: Case): Promise<{ sequence: Sequence; forward: Forward }> {
      const prompt = await prepare(one);
      const n = prompt.ids.length;
      const sequence = model.target.open();
      const step = { ...chunkStep(sequence, prompt, 0, n), heads: consecutive(8, n - 8) };
      const [forward] = (await model.target.forward([step], 'logits')) as [Forward];
      sequence.commit(forward, consecutive(n));
      return { sequence, forward };
    }

    describe.each(cases)('case $name', (one) => {
      it('has the same prompt, its placeholders widened to the same ids', () => {
        const { text, ids, spans } = promptOf(one);
        expect(text).toBe(one.prompt);
        expect([...ids]).toEqual(one.input_ids);
        const slots = spans.reduce((sum, { length }) => sum + length, 0);
        const features = goldens.get(`${one.name}.image_features`)?.shape[0] ?? 0;
        expect(slots).toBe(features);
      });

      it.runIf(goldens.has(`${one.name}.position_ids`))('has the same positions', () => {
        const { positions, ids } = promptOf(one);
        const { bytes } = golden(goldens, `${one.name}.position_ids`);
        const axes = [positions?.time, positions?.height, positions?.width];
        const got = axes.flatMap((axis) => [...(axis ?? consecutive(ids.length))]);
        expect(got).toEqual([...new BigInt64Array(bytes.buffer)].map(Number));
      });

      it.runIf(one.images.length > 0)('has the same pixels', () => {
        const { shape } = golden(goldens, `${one.name}.pixel_values`);
        const want = numbers(`${one.name}.pixel_values`);
        const padded = shape.length === 5 && shape[0] === one.images.length;
        const each = imagesOf(one).map((image) => {
          const feeds = model.pictures?.feeds(image) ?? {};
          const pixels = floatsOf(feeds, 'pixels');
          return padded ? withZeros(pixels, want.length / one.images.length) : pixels;
        });
        expect(
          largestDifference(
            each.flatMap((pixels) => [...pixels]),
            want,
          ),
        ).toBeLessThan(PIXELS);
      });

      it.runIf(one.images.length > 0)('has the same visual embeddings', async () => {
        const { pictures } = await prepare(one);
        const got = pictures.flatMap(({ embeddings }) => [...embeddings.data]);
        expect(largestDifference(got, numbers(`${one.name}.image_features`))).toBeLessThan(NUMBERS);
      });

      it('has the same features and logits', async () => {
        const { forward } = await readWhole(one);
        const { features, logits } = forward;
        const hidden = largestDifference(features.data, numbers(`${one.name}.hidden`));
        const scores = largestDifference(logits?.data ?? [], numbers(`${one.name}.logits`));
        expect(hidden).toBeLessThan(NUMBERS);
        expect(scores).toBeLessThan(NUMBERS);
      });
    });

    it('has the same features and logits in a tree behind a prompt', async () => {
      const { sequence } = await readWhole(cases.find(({ name }) => name === tree.case) as Case);
      const [ids, parents] = [Int32Array.from(tree.tokens), Int32Array.from(tree.parents)];
      const [time, height, width] = [0, 1, 2].map((axis) =>
        Int32Array.from(tree.positions, (axes) => axes[axis] as number),
      ) as [Int32Array, Int32Array, Int32Array];
      const heads = consecutive(ids.length);
      const sides = { height, width };
      const step = { sequence, ids, parents, positions: time, sides, heads };
      const [forward] = (await model.target.forward([step], 'logits')) as [Forward];
      expect(sequence.nextPosition).toBe(time[0]);
      expect(largestDifference(forward.features.data, numbers('tree.hidden'))).toBeLessThan(
        NUMBERS,
      );
      expect(largestDifference(forward.logits?.data ?? [], numbers('tree.logits'))).toBeLessThan(
        NUMBERS,
      );
    });
  });

  describe(`${name}, loaded as users do`, () => {
    let model: MsdModel;
    beforeAll(async () => {
      model = await load({ model: settings.model, threads: 1, thread: false });
    });
    afterAll(() => model?.dispose());

    it.each(cases)('answers case $name with the greedy words of Hugging Face', async (one) => {
      const messages = messagesOf(one);
      const plain = await resultOf(model, { messages, drafter: 'none', maxTokens: 24 });
      expect(plain.ids).toEqual(one.greedy_ids);
      expect(plain.text.trim()).toBe(one.greedy_text.trim());
    });

    it.each(TREES)('answers in trees of $total nodes as without', async (tree) => {
      const limits = { maxTokens: 96, ignoreEos: true } as const;
      let accepted = 0;
      for (const one of cases) {
        const request = { messages: messagesOf(one), ...limits };
        const plain = await resultOf(model, { ...request, drafter: 'none' });
        const drafted = await resultOf(model, { ...request, drafter: 'prompt-lookup', tree });
        expect(drafted.ids).toEqual(plain.ids);
        accepted += drafted.acceptedPerPass.reduce((sum, kept) => sum + kept, 0);
      }
      expect(accepted).toBeGreaterThan(0);
    });
  });
}

/** The messages, with the files of their pictures in order. */
function messagesOf({ messages, images }: Case): NonNullable<GenerateOptions['messages']> {
  const left = [...images];
  return messages.map(({ role, content }) => ({
    role: role as 'user',
    content: content.map(({ type, text = '' }) =>
      type === 'text'
        ? { type, text }
        : { type, image: repositoryPath(`${IMAGES}/${basename(left.shift() as string)}`) },
    ),
  }));
}

/** The processor fills up the pictures with fewer tiles than others of the same prompt. */
function withZeros(pixels: Float32Array, length: number): Float32Array {
  const filled = new Float32Array(Math.max(length, pixels.length));
  filled.set(pixels);
  return filled;
}

async function resultOf(model: MsdModel, options: GenerateOptions): Promise<GenerateResult> {
  for await (const event of model.generate(options)) {
    if (event.type === 'done') return event.result;
  }
  throw new Error('an answer ends with its result');
}
