import type { StreamedTensor } from '../../src/safetensors/write-safetensors.ts';

/** The numbers of a tensor in fp32. */
export async function wholeTensor({ pieces, shape }: StreamedTensor): Promise<Float32Array> {
  const bytes = new Uint8Array(4 * shape.reduce((product, dim) => product * dim, 1));
  let end = 0;
  for await (const piece of pieces()) {
    bytes.set(piece, end);
    end += piece.length;
  }
  return new Float32Array(bytes.buffer);
}
