import { readFloats } from '../../src/formats/read-tensor.ts';
import { readSafetensorsHeader } from '../../src/safetensors/safetensors.ts';
import type { Matrix } from './products.ts';

/** What was seen of one artist, a view a row. */
export interface Seen {
  readonly concepts: Int32Array; // [n]
  readonly features: Matrix;
  /** Of ImageNet's classes. */
  readonly scores: Matrix;
}

/** @param file as the stage `see` wrote it */
export async function readSeen(file: string): Promise<Seen> {
  const tensors = await readSafetensorsHeader(file);
  const matrix = async (name: string): Promise<Matrix> => {
    const ref = tensors.get(name);
    if (ref === undefined) throw new TypeError(`${file} has no ${name}`);
    const [rows = 0, width = 1] = ref.shape;
    return { rows, width, data: await readFloats(ref) };
  };
  return {
    concepts: Int32Array.from((await matrix('concept')).data),
    features: await matrix('features'),
    scores: await matrix('scores'),
  };
}
