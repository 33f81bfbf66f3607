import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { readDraft } from '../../src/checkpoint/draft.ts';
import { writeSafetensors } from '../../src/checkpoint/testing/write-safetensors.ts';
import { uniform } from '../../src/decode/uniform.ts';

/** Writes a draft of random weights, of the shape of another, into a folder. */
export async function writeUselessDraft(like: string, folder: string): Promise<void> {
  const { tensors } = await readDraft(like);
  let draws = 0;
  const weight = () => 0.2 * (uniform(7, draws++) - 0.5);
  const random = [...tensors].map(([name, { shape }]) => {
    const length = shape.reduce((product, dim) => product * dim, 1);
    return [name, { dtype: 'F32', shape, data: Float32Array.from({ length }, weight) }] as const;
  });
  writeSafetensors(join(folder, 'model.safetensors'), Object.fromEntries(random));
  cpSync(join(like, 'config.json'), join(folder, 'config.json'));
}
