import { floatTensor, type Tensor } from '../../contracts/session.ts';

/** Rows of one width, one after the other: [n, H], [m, H], … → [n + m + …, H] */
export function joinRows(parts: readonly Tensor[]): Tensor {
  const count = parts.reduce((sum, { shape }) => sum + (shape[0] as number), 0);
  const width = parts[0]?.shape[1] as number;
  const data = new Float32Array(count * width);
  let at = 0;
  for (const part of parts) {
    data.set(part.data as Float32Array, at);
    at += part.data.length;
  }
  return floatTensor(data, [count, width]);
}

/** The way back, cut as `like` is. */
export function splitRows({ data }: Tensor, like: readonly Tensor[]): Tensor[] {
  let at = 0;
  return like.map(({ shape, data: { length } }) => {
    at += length;
    return floatTensor((data as Float32Array).subarray(at - length, at), shape);
  });
}
