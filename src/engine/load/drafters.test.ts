import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import { modelFolder } from '../../checkpoint/model-folder.ts';
import { orTiny, QWEN2_VL_DRAFT, tempFolder } from '../../checkpoint/testing/folders.ts';
import { writeDraft } from '../../checkpoint/testing/write-draft.ts';
import {
  DrafterUnavailableError,
  OptionError,
  UnsupportedDraftError,
} from '../../contracts/errors.ts';
import type { GenerateOptions, GenerateResult } from '../../contracts/generate.ts';
import type { LoadOptions } from '../../contracts/load.ts';
import { floatsOf } from '../../contracts/session.ts';
import { uniform } from '../../decode/uniform.ts';
import {
  golden,
  readGoldens,
  readJson,
  repositoryPath,
} from '../../input/node/testing/read-goldens.ts';
import { load, type MsdModel } from '../../load.ts';
import { inverseFrequencies } from '../../model/rotary-rows.ts';
import { createEngine } from '../engine.ts';
import { createNodeHost } from '../node/node-host.ts';
import { resultOf } from '../testing/collect.ts';

const LLAMA = repositoryPath('fixtures/families/text/llama3');
const QWEN2_VL = repositoryPath('fixtures/families/qwen2-vl');
const TREE = { total: 16, depth: 4, topK: 4 };
const PROMPTS = ['the weather', 'a town by the sea', '1 2 3 4', 'Où est le café?'];

async function open(options: LoadOptions): Promise<MsdModel> {
  const model = await load({ threads: 1, thread: false, ...orTiny(options) });
  onTestFinished(() => model.dispose());
  return model;
}

const caseFile = z.object({
  cases: z.array(
    z.object({
      name: z.string(),
      messages: z.array(
        z.object({
          content: z.array(
            z.object({ type: z.enum(['image', 'text']), text: z.string().optional() }),
          ),
        }),
      ),
      images: z.array(z.string()),
    }),
  ),
});

async function answer(model: MsdModel, options: GenerateOptions): Promise<GenerateResult> {
  for await (const event of model.generate({ maxTokens: 40, ignoreEos: true, ...options })) {
    if (event.type === 'done') return event.result;
  }
  throw new Error('an answer ends with its result');
}

/** Case one of Qwen2-VL: a picture between words, and where Hugging Face has each token. */
function qwenCase() {
  const { bytes } = golden(
    readGoldens('fixtures/families/qwen2-vl/goldens.safetensors'),
    'one.position_ids',
  );
  const all = [...new BigInt64Array(bytes.slice().buffer)].map(Number);
  const length = all.length / 3;
  const position_ids = [0, 1, 2].map((axis) => all.slice(axis * length, (axis + 1) * length));
  const { cases } = caseFile.parse(readJson('fixtures/families/qwen2-vl/cases.json'));
  const { messages, images } = cases.find(({ name }) => name === 'one') as (typeof cases)[number];
  const [file] = images;
  const content = messages[0]?.content.map((part) =>
    part.type === 'text'
      ? { type: 'text' as const, text: part.text ?? '' }
      : { type: 'image' as const, image: repositoryPath(`fixtures/families/images/${file}`) },
  );
  return {
    request: { messages: [{ role: 'user' as const, content: content ?? [] }] },
    position_ids,
  };
}

/** An EAGLE-2 draft of random weights for a target of hidden size 24. */
async function eagleDraft(fields: Record<string, unknown> = {}): Promise<string> {
  const dir = tempFolder();
  const { value } = await modelFolder(LLAMA).json('config.json');
  const described = { ...Object(value), num_hidden_layers: 1, bias: false, ...fields };
  await writeDraft(dir, described, (_, shape) => {
    const length = shape.reduce((product, dim) => product * dim, 1);
    return Float32Array.from({ length }, (_, i) => uniform(length, i) - 0.5);
  });
  return dir;
}

/** Whether every prompt is answered as without a draft. */
async function expectLossless(model: MsdModel, drafter: string, images: readonly string[]) {
  for (const prompt of PROMPTS) {
    const request = { prompt, images: [...images] };
    const plain = await answer(model, { ...request, drafter: 'none' });
    const drafted = await answer(model, { ...request, drafter, tree: TREE });
    expect(drafted.ids).toEqual(plain.ids);
  }
}

describe('an EAGLE-2 draft', () => {
  it('drafts for a text decoder as eagle, without being asked', async () => {
    const model = await open({ model: LLAMA, draft: await eagleDraft() });
    const { run } = await answer(model, { prompt: 'a town', tree: TREE });
    expect(run.drafter).toBe('eagle');
    await expectLossless(model, 'eagle', []);
  });

  it('may have biases', async () => {
    const model = await open({ model: LLAMA, draft: await eagleDraft({ qkv_bias: true }) });
    await expectLossless(model, 'eagle', []);
  });

  it('is no msd drafter, since it was not made for it', async () => {
    const model = await open({ model: LLAMA, draft: await eagleDraft() });
    const refused = answer(model, { prompt: 'a town', drafter: 'msd' });
    await expect(refused).rejects.toBeInstanceOf(DrafterUnavailableError);
    await expect(refused).rejects.toThrow('Use option drafter eagle');
  });
});

describe('the draft of Qwen2-VL', () => {
  const images = [repositoryPath('fixtures/families/images/square.png')];

  it.each(['published', 'mrope'] as const)('drafts losslessly at %s positions', async (kind) => {
    const model = await open({ model: QWEN2_VL, draft: QWEN2_VL_DRAFT, draftPositions: kind });
    for (const drafter of ['msd', 'eagle'] as const) await expectLossless(model, drafter, images);
  });

  it('stands where the target has its tokens, one before, if M-RoPE is asked for', async () => {
    const read = async (draftPositions: 'published' | 'mrope') => {
      const { request, position_ids: places } = qwenCase();
      const angles: number[][] = [];
      const settings = {
        model: QWEN2_VL,
        draft: QWEN2_VL_DRAFT,
        device: 'cpu',
        threads: 1,
      } as const;
      const host = await createNodeHost(settings);
      const engine = await createEngine(
        {
          ...host,
          readCosts: async () => ({
            costs: { target: [{ rows: 2, ms: 1 }], draftLevel: 1, host: 0 },
            steady: true,
          }),
          async openSession(graph) {
            const session = await host.openSession(graph);
            if (!graph.name.startsWith('draft')) return session;
            return {
              ...session,
              run(feeds, outputs) {
                angles.push([...floatsOf(feeds, 'cos')]);
                return session.run(feeds, outputs);
              },
            };
          },
        },
        { ...settings, draftPositions },
      );
      angles.length = 0; // those of the warm-up
      await resultOf(engine, { ...request, drafter: 'msd', tree: TREE, maxTokens: 3 });
      await engine.dispose();
      return { prompt: angles[0] ?? [], places };
    };
    const { prompt, places } = await read('mrope');
    const axes = places.map((axis) => axis.slice(1).map((place) => place - 1));
    const rows = axes[0]?.length ?? 0;
    const frequencies = inverseFrequencies(24, 1e6);
    const axisOf = [0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2]; // of the 12 pairs: sections of 2, 5 and 5
    const wanted = Array.from({ length: rows }, (_, row) =>
      axisOf.map((axis, i) => {
        const angle = Math.fround((axes[axis]?.[row] ?? NaN) * (frequencies[i] ?? NaN));
        return Math.fround(Math.cos(angle) * 24 ** -0.25); // queries and keys share the scale
      }),
    );
    expect(prompt.slice(0, rows * 12)).toEqual(wanted.flat());
    expect((await read('published')).prompt).not.toEqual(prompt);
  });

  it('stands by M-RoPE only if it knows it', async () => {
    const draft = await eagleDraft();
    const opening = open({ model: LLAMA, draft, draftPositions: 'mrope' });
    await expect(opening).rejects.toBeInstanceOf(OptionError);
  });
});

describe('a draft of another method', () => {
  async function visionDraft() {
    const dir = await eagleDraft();
    writeFileSync(join(dir, 'README.md'), 'Visual tokens are compressed by k-means.');
    return dir;
  }

  it('is refused', async () => {
    const opening = open({ model: LLAMA, draft: await visionDraft() });
    await expect(opening).rejects.toBeInstanceOf(UnsupportedDraftError);
  });

  it('is left out with force, which the model tells', async () => {
    const { info, generate } = await open({
      model: LLAMA,
      draft: await visionDraft(),
      force: true,
    });
    expect(info.draft).toBeNull();
    expect(info.refusedDraft).toContain('k-means');
    for await (const event of generate({ prompt: 'a', maxTokens: 2 })) {
      if (event.type === 'start') expect(event.run.drafter).toBe('recycled');
    }
  });

  it('is not made up for by force if its files are broken', async () => {
    const draft = await eagleDraft();
    writeFileSync(join(draft, 'model.safetensors'), '');
    await expect(open({ model: LLAMA, draft, force: true })).rejects.toThrow('model.safetensors');
  });
});
