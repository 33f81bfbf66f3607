import { writeFileSync } from 'node:fs';
import { floatTensor, type Tensor } from '../../src/contracts/session.ts';

/** Tensors as the worker reads them: a line of JSON [name, dtype, shape], then the numbers one after the other. */
export function writeTensorFile(path: string, tensors: Readonly<Record<string, Tensor>>): void {
  const entries = Object.entries(tensors);
  const head = JSON.stringify(entries.map(([name, { dtype, shape }]) => [name, dtype, shape]));
  const bytes = entries.map(
    ([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  );
  writeFileSync(path, Buffer.concat([Buffer.from(`${head}\n`), ...bytes]));
}

/** Weights with their shapes, as tensors. */
export function weightTensors(
  weights: ReadonlyMap<string, Float32Array>,
  shapeOf: (name: string) => readonly number[],
): Record<string, Tensor> {
  return Object.fromEntries(
    [...weights].map(([name, data]) => [name, floatTensor(data, shapeOf(name))]),
  );
}
