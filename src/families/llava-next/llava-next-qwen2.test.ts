import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readTensorTable } from '../../checkpoint/tensor-table.ts';
import { copyOf, setFields, tempFolder } from '../../checkpoint/testing/folders.ts';
import type { GenerateOptions, GenerateResult } from '../../contracts/generate.ts';
import { uniform } from '../../decode/uniform.ts';
import { familyFixture, messagesOf } from '../../engine/testing/family-fixture.ts';
import { readFloats } from '../../formats/read-tensor.ts';
import { f32 } from '../../graph/testing/stored.ts';
import { readJson } from '../../input/node/testing/read-goldens.ts';
import { load, type MsdModel } from '../../load.ts';
import {
  type StoredTensor,
  writeSafetensors,
} from '../../safetensors/testing/write-safetensors.ts';

const FIXTURE = familyFixture('llava-next');
const { text_config: TEXT } = readJson('fixtures/families/llava-next/config.json') as {
  text_config: Record<string, unknown>;
};
const QWEN2 = { ...TEXT, model_type: 'qwen2', num_key_value_heads: 5, rope_theta: 1e6 };
const DECODER = 'language_model.';

/** The tensors of the fixture, and random biases, which a Qwen2 has. */
async function tensorsOf(model: string): Promise<Record<string, StoredTensor>> {
  const stored: Record<string, StoredTensor> = {};
  for (const [name, ref] of await readTensorTable(model)) {
    stored[name] = f32(ref.shape, await readFloats(ref));
    if (!name.startsWith(DECODER) || !/\.[qkv]_proj\.weight$/.test(name)) continue;
    const length = ref.shape[0] ?? 0;
    const bias = Float32Array.from({ length }, (_, i) => uniform(name.length, i) - 0.5);
    stored[name.replace(/weight$/, 'bias')] = f32([length], bias);
  }
  return stored;
}

/** A LLaVA-NeXT with a Qwen2 inside, and that Qwen2 alone. */
async function writePair() {
  const [whole, alone] = [copyOf(FIXTURE.model), tempFolder()];
  const tensors = await tensorsOf(whole);
  writeSafetensors(join(whole, 'model.safetensors'), tensors);
  setFields(join(whole, 'config.json'), { text_config: QWEN2 });
  const words = Object.entries(tensors).filter(([name]) => name.startsWith(DECODER));
  writeSafetensors(
    join(alone, 'model.safetensors'),
    Object.fromEntries(words.map(([name, tensor]) => [name.slice(DECODER.length), tensor])),
  );
  const texts = readdirSync(whole).filter((name) => /^(tokenizer|chat|generation)/.test(name));
  for (const name of [...texts, 'config.json']) copyFileSync(join(whole, name), join(alone, name));
  setFields(join(alone, 'config.json'), { ...QWEN2, text_config: undefined });
  // A processor puts the begin token in front; a text-only model's template has to.
  const file = join(alone, 'chat_template.json');
  const { chat_template } = JSON.parse(readFileSync(file, 'utf8'));
  setFields(file, { chat_template: `{{ bos_token }}${chat_template}` });
  return { whole, alone };
}

async function open(model: string): Promise<MsdModel> {
  const loaded = await load({ model, threads: 1, thread: false });
  onTestFinished(() => loaded.dispose());
  return loaded;
}

async function answer(model: MsdModel, options: GenerateOptions): Promise<GenerateResult> {
  const limits = { maxTokens: 40, ignoreEos: true } as const;
  for await (const event of model.generate({ ...limits, ...options })) {
    if (event.type === 'done') return event.result;
  }
  throw new Error('an answer ends with its result');
}

describe('a LLaVA-NeXT whose decoder is a Qwen2', () => {
  const prompts = ['the weather', 'a town by the sea', '1 2 3 4'];

  it('answers words as that Qwen2 alone', async () => {
    const { whole, alone } = await writePair();
    const [model, decoder] = [await open(whole), await open(alone)];
    expect(decoder.info.family).toBe('qwen2');
    for (const prompt of prompts) {
      const asked = { prompt, drafter: 'none' } as const;
      expect((await answer(model, asked)).ids).toEqual((await answer(decoder, asked)).ids);
    }
  });

  it('uses its biases', async () => {
    const { whole } = await writePair();
    const [model, without] = [await open(whole), await open(FIXTURE.model)];
    const asked = { prompt: prompts[0] ?? '', drafter: 'none' } as const;
    expect((await answer(model, asked)).ids).not.toEqual((await answer(without, asked)).ids);
  });

  it('answers pictures losslessly', async () => {
    const { whole } = await writePair();
    const model = await open(whole);
    for (const one of FIXTURE.cases.filter(({ images }) => images.length > 0)) {
      const messages = messagesOf(one);
      const plain = await answer(model, { messages, drafter: 'none' });
      const tree = { total: 16, depth: 4, topK: 4 };
      const drafted = await answer(model, { messages, drafter: 'prompt-lookup', tree });
      expect(drafted.ids).toEqual(plain.ids);
    }
  });
});
