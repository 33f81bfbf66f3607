import { createHash, type Hash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import type { Product, TensorRef } from '../contracts/checkpoint.ts';
import type { ConvertedPrecision } from '../contracts/load.ts';
import { ioError } from '../files/io-error.ts';
import type { EightBits } from './forms/form.ts';
import { markOf, packingOf } from './forms/forms.ts';

/** Read at either end of each matrix. */
const SAMPLE_BYTES = 4096;

/**
 * A name for these products in a form: the same for the same content wherever it lies, another where the form's packing,
 * a matrix, its bytes at either end, its neighbours, what the form does to its sides, size or time of its file, or what
 * the processor multiplies differ.
 */
export async function conversionName(
  kind: ConvertedPrecision,
  products: readonly Product[],
  eightBits: EightBits,
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(markOf(kind)));
  if (eightBits === 'unsigned') hash.update(eightBits);
  for (const product of products) {
    const described = product.matrices.map(({ name, dtype, shape }) => [name, dtype, shape]);
    hash.update(JSON.stringify([described, packingOf(kind).sides(product)]));
  }
  for (const [path, refs] of byPath(products.flatMap(({ matrices }) => matrices))) {
    try {
      await addFile(hash, path, refs);
    } catch (cause) {
      throw ioError(path, cause);
    }
  }
  return hash.digest('hex').slice(0, 32);
}

async function addFile(hash: Hash, path: string, refs: readonly TensorRef[]): Promise<void> {
  const { size, mtimeMs } = await stat(path);
  hash.update(JSON.stringify([size, mtimeMs]));
  await using file = await open(path);
  for (const { offset, bytes } of refs) {
    for (const at of [offset, Math.max(offset, offset + bytes - SAMPLE_BYTES)]) {
      const sample = new Uint8Array(Math.min(SAMPLE_BYTES, bytes));
      await file.read(sample, 0, sample.length, at);
      hash.update(sample);
    }
  }
}

function byPath(refs: readonly TensorRef[]): Map<string, TensorRef[]> {
  const files = new Map<string, TensorRef[]>();
  for (const ref of refs) files.set(ref.path, [...(files.get(ref.path) ?? []), ref]);
  return files;
}
