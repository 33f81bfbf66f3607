/** LoRA adapters that the peft package saved, merged here and by it (fixtures/peft, tools/peft). */
import { cpSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CheckpointError, ModelNotFoundError } from '../../contracts/errors.ts';
import { readTarget } from '../../families/read-target.ts';
import { readFloats } from '../../formats/read-tensor.ts';
import { repositoryPath } from '../../input/node/testing/read-goldens.ts';
import { readSafetensorsHeader } from '../../safetensors/safetensors.ts';
import { writeSafetensors } from '../../safetensors/testing/write-safetensors.ts';
import { type ExportSettings, planExport } from '../export-plan.ts';
import { modelFolder } from '../model-folder.ts';
import { readTensorTable } from '../tensor-table.ts';
import { setFields, tempFolder } from '../testing/folders.ts';
import { writeModelFolder } from '../write-model-folder.ts';

const TEXT = repositoryPath('fixtures/families/text/qwen2');
const BASES = {
  patterns: TEXT,
  rslora: TEXT,
  biases: TEXT,
  pictures: repositoryPath('fixtures/families/llava-gqa'),
} as const;
type Case = keyof typeof BASES;
const CASES = Object.keys(BASES) as Case[];

/** A copy of a fixture's adapters, with other fields in their config. */
function adapters(name: Case, fields: object = {}): string {
  const dir = tempFolder();
  cpSync(repositoryPath(`fixtures/peft/${name}`), dir, { recursive: true });
  setFields(join(dir, 'adapter_config.json'), { base_model_name_or_path: BASES[name], ...fields });
  return dir;
}

async function merged(dir: string, settings: ExportSettings = {}): Promise<string> {
  const out = join(tempFolder(), 'out');
  await writeModelFolder(out, await planExport(dir, settings));
  return out;
}

/** Beside numbers above 1, in parts of them. */
const relative = (ours: number, theirs: number): number =>
  Math.abs(ours - theirs) / Math.max(1, Math.abs(theirs));

describe('an export of adapters', () => {
  it.each(CASES)(
    'has the weights that peft merges (%s), and the others bit by bit',
    async (name) => {
      const out = await readTensorTable(await merged(adapters(name), { dtype: 'F32' }));
      const golden = await readSafetensorsHeader(
        repositoryPath(`fixtures/peft/${name}/merged.safetensors`),
      );
      const base = await readTensorTable(BASES[name]);
      expect([...out.keys()].sort()).toEqual([...base.keys()].sort());
      expect(golden.size).toBeGreaterThan(0);
      for (const [tensor, ref] of out) {
        const expected = golden.get(tensor);
        const ours = await readFloats(ref);
        if (expected === undefined) {
          expect(ours).toEqual(await readFloats(base.get(tensor) ?? ref));
          continue;
        }
        const theirs = await readFloats(expected);
        const worst = ours.reduce((most, value, at) => {
          return Math.max(most, relative(value, theirs[at] ?? Number.NaN));
        }, 0);
        expect(worst, tensor).toBeLessThan(1e-6);
      }
    },
  );

  it('serves, in the number format of its base', async () => {
    const out = await merged(adapters('patterns'));
    const types = new Set([...(await readTensorTable(out)).values()].map(({ dtype }) => dtype));
    expect(types).toEqual(new Set(['BF16']));
    expect((await readTarget(modelFolder(out))).config.family).toBe('qwen2');
  });

  it('takes the base that it is given instead of the one that they name', async () => {
    const dir = adapters('patterns', { base_model_name_or_path: 'owner/gone' });
    await expect(planExport(dir)).rejects.toBeInstanceOf(ModelNotFoundError);
    expect((await planExport(dir, { base: TEXT })).tensors.length).toBeGreaterThan(20);
    const unnamed = adapters('patterns', { base_model_name_or_path: null });
    await expect(planExport(unnamed)).rejects.toThrow(/does not say what it adapts.*option base/);
  });

  it('refuses a base for what is no folder of adapters', async () => {
    const refused = planExport(TEXT, { base: TEXT });
    await expect(refused).rejects.toThrow(/no folder of adapters.*without option base/);
  });

  it('takes the tokenizer that was saved beside them', async () => {
    const dir = adapters('patterns');
    writeFileSync(join(dir, 'tokenizer_config.json'), '{}');
    const { copies } = await planExport(dir);
    expect(copies?.get('tokenizer_config.json')).toBe(join(dir, 'tokenizer_config.json'));
    expect(copies?.get('tokenizer.json')).toBe(join(TEXT, 'tokenizer.json'));
    expect(copies?.has('adapter_config.json')).toBe(false);
  });
});

describe('adapters are refused by name', () => {
  it.each<[string, object, RegExp]>([
    ['of another kind', { peft_type: 'IA3' }, /adapters of the kind IA3 are not merged/],
    [
      'with magnitudes',
      { use_dora: true },
      /use_dora true are not merged here; merge them with peft/,
    ],
    ['of Conv1D layers', { fan_in_fan_out: true }, /fan_in_fan_out true/],
    ['with biases of their own', { lora_bias: true }, /lora_bias true/],
    ['that changed their base', { init_lora_weights: 'pissa_niter_4' }, /init_lora_weights/],
    ['of repeated layers', { layer_replication: [[0, 2]] }, /layer_replication/],
    ['of single tokens', { trainable_token_indices: [1] }, /trainable_token_indices/],
    ['without a scale', { lora_alpha: undefined }, /without lora_alpha/],
    ['whose config is none', { lora_alpha: 'eight' }, /field "lora_alpha" is not/],
  ])('%s', async (_, fields, words) => {
    const refused = planExport(adapters('patterns', fields));
    await expect(refused).rejects.toBeInstanceOf(CheckpointError);
    await expect(refused).rejects.toThrow(words);
  });

  it('for another base', async () => {
    const elsewhere = planExport(adapters('pictures'), { base: TEXT });
    await expect(elsewhere).rejects.toThrow(
      /do not fit it.*give the base that they were trained on/,
    );
    const smaller = repositoryPath('fixtures/tiny');
    await expect(planExport(adapters('patterns'), { base: smaller })).rejects.toThrow(
      /there is none/,
    );
  });

  /** Adapters of one module of the text model. */
  function written(tensors: Parameters<typeof writeSafetensors>[1]): string {
    const dir = adapters('patterns');
    writeSafetensors(join(dir, 'adapter_model.safetensors'), tensors);
    return dir;
  }
  const zeros = (...shape: number[]) => ({
    dtype: 'F32',
    shape,
    data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  });
  const QUERY = 'base_model.model.model.layers.0.self_attn.q_proj';

  it.each<[string, Parameters<typeof writeSafetensors>[1], RegExp]>([
    ['without tensors', {}, /holds no adapters/],
    ['without their B', { [`${QUERY}.lora_A.weight`]: zeros(2, 24) }, /do not fit/],
    ['without their A', { [`${QUERY}.lora_B.weight`]: zeros(32, 2) }, /has no lora_A beside it/],
    [
      'of other sizes',
      { [`${QUERY}.lora_A.weight`]: zeros(2, 25), [`${QUERY}.lora_B.weight`]: zeros(32, 2) },
      /do not fit it \(.*\[2, 25\]/,
    ],
    [
      'with a tensor of another kind',
      { [`${QUERY}.lora_magnitude_vector`]: zeros(32) },
      /magnitude/,
    ],
    ['that resize', { 'base_model.model.lm_head.weight': zeros(281, 24) }, /resize a tensor/],
  ])('%s', async (_, tensors, words) => {
    await expect(planExport(written(tensors))).rejects.toThrow(words);
  });

  it('of a table that is the head too', async () => {
    const tied = repositoryPath('fixtures/families/text/llama3');
    const refused = planExport(adapters('rslora'), { base: tied });
    await expect(refused).rejects.toThrow(/"lm_head\.weight", which their base does not have/);
    const table = written({ 'base_model.model.model.embed_tokens.weight': zeros(280, 24) });
    await expect(planExport(table, { base: tied })).rejects.toThrow(/the head's table too/);
  });

  it('without their weights', async () => {
    const dir = adapters('patterns');
    renameSync(join(dir, 'adapter_model.safetensors'), join(dir, 'gone'));
    await expect(planExport(dir)).rejects.toThrow(/neither adapter_model\.safetensors nor/);
    rmSync(join(dir, 'gone'));
  });
});
