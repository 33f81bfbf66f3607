import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { narrowFloats } from '../formats/narrow-floats.ts';
import { readFloats } from '../formats/read-tensor.ts';
import { planExport } from './export-plan.ts';
import { readTensorTable } from './tensor-table.ts';
import { copyOf, LLAVA_GQA, TINY_TARGET, tempFolder } from './testing/folders.ts';
import { writeModelFolder } from './write-model-folder.ts';

async function exported(dir: string, dtype?: 'F32' | 'F16' | 'BF16'): Promise<string> {
  const out = join(tempFolder(), 'out');
  await writeModelFolder(out, await planExport(dir, dtype && { dtype }));
  return out;
}

async function bitsOf(dir: string): Promise<Map<string, string>> {
  const bits = new Map<string, string>();
  for (const [name, ref] of await readTensorTable(dir)) {
    const floats = await readFloats(ref);
    bits.set(name, Buffer.from(floats.buffer).toString('base64'));
  }
  return bits;
}

describe('an exported folder', () => {
  it('has every number as it was stored, in one file, and the files beside it', async () => {
    const out = await exported(LLAVA_GQA); // BF16 in shards
    const types = [...(await readTensorTable(out)).values()].map(({ dtype }) => dtype);
    expect(new Set(types)).toEqual(new Set(['BF16']));
    expect(await bitsOf(out)).toEqual(await bitsOf(LLAVA_GQA));
    const names = readdirSync(LLAVA_GQA).filter((name) => /config|tokenizer\.json/.test(name));
    for (const name of names) {
      expect(readFileSync(join(out, name)).equals(readFileSync(join(LLAVA_GQA, name)))).toBe(true);
    }
    expect(readdirSync(out).filter((name) => /safetensors/.test(name))).toEqual([
      'model.safetensors',
    ]);
  });

  it('rounds to another format, and says so in config.json', async () => {
    const out = await exported(TINY_TARGET, 'F16');
    const before = await readTensorTable(TINY_TARGET);
    for (const [name, ref] of await readTensorTable(out)) {
      const source = before.get(name);
      if (source === undefined) throw new Error(`${name} is new`);
      const rounded = narrowFloats(await readFloats(source), 'F16');
      const file = readFileSync(ref.path).subarray(ref.offset, ref.offset + ref.bytes);
      expect(rounded !== undefined && file.equals(rounded), name).toBe(true);
    }
    const config = (dir: string) => JSON.parse(readFileSync(join(dir, 'config.json'), 'utf8'));
    const type = config(TINY_TARGET).torch_dtype === undefined ? 'dtype' : 'torch_dtype';
    expect(config(out)).toMatchObject({ [type]: 'float16' });
  });

  it('is the same after F32 and back', async () => {
    const wide = await exported(LLAVA_GQA, 'F32');
    expect(await bitsOf(await exported(wide, 'BF16'))).toEqual(await bitsOf(LLAVA_GQA));
  });

  it('leaves behind what is no part of a published folder', async () => {
    const dir = copyOf(TINY_TARGET);
    for (const name of ['msd_import.json', '.hidden', 'pytorch_model.bin', 'old.gguf']) {
      writeFileSync(join(dir, name), 'x');
    }
    const names = readdirSync(await exported(dir));
    expect(names).toEqual(readdirSync(TINY_TARGET).sort());
  });

  it('is not made of a folder without weights', async () => {
    await expect(planExport(tempFolder())).rejects.toThrow(/there is n.* model.safetensors/);
  });
});
