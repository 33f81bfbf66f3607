import { floatTensor, type Tensor } from '../../contracts/session.ts';

/** Floats one after the other along the first axis: [n, ..], [m, ..], … → [n + m + …, ..] */
export function joinRows(parts: readonly Tensor[]): Tensor {
  const count = parts.reduce((sum, { shape }) => sum + (shape[0] as number), 0);
  const rest = parts[0]?.shape.slice(1) ?? [];
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data as Float32Array, at);
    at += part.data.length;
  }
  return floatTensor(data, [count, ...rest]);
}

/** The way back, cut as `like` is. */
export function splitRows({ data }: Tensor, like: readonly Tensor[]): Tensor[] {
  let at = 0;
  return like.map(({ shape, data: { length } }) => {
    at += length;
    return floatTensor((data as Float32Array).subarray(at - length, at), shape);
  });
}
