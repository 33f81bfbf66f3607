import { modelFolder } from '../../src/checkpoint/model-folder.ts';
import { writeDraft } from '../../src/checkpoint/testing/write-draft.ts';
import { uniform } from '../../src/decode/uniform.ts';

/** Writes a draft of random weights, of the shape of another, into a folder. */
export async function writeUselessDraft(like: string, folder: string): Promise<void> {
  const { value } = await modelFolder(like).json('config.json');
  let draws = 0;
  const weight = () => 0.2 * (uniform(7, draws++) - 0.5);
  await writeDraft(folder, Object(value), (_, shape) => {
    const length = shape.reduce((product, dim) => product * dim, 1);
    return Float32Array.from({ length }, weight);
  });
}
