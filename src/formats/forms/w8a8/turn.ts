/** Rows turned by a random Hadamard matrix in blocks: what one channel holds is spread over the block. */
const MOST_WIDE = Number(process.env.TURN ?? 128);

export function skips(name: string): boolean {
  return (process.env.SKIP ?? '').split(',').some((part) => part !== '' && name.includes(part));
}
export function turnWidth(into: number, name = ''): number {
  if (skips(name)) return 1;
  let width = 1;
  while (width < MOST_WIDE && into % (2 * width) === 0) width *= 2;
  return width;
}

/** The block's matrix [width, width], the same at any call. Orthogonal. */
export function turnMatrix(width: number): Float32Array {
  const matrix = new Float32Array(width * width);
  for (let i = 0; i < width; i++) {
    const sign = bits(Math.imul(i + 1, 0x9e3779b1) >>> 7) % 2 === 0 ? 1 : -1;
    for (let j = 0; j < width; j++) {
      matrix[i * width + j] = ((bits(i & j) % 2 === 0 ? 1 : -1) * sign) / Math.sqrt(width);
    }
  }
  return matrix;
}

function bits(n: number): number {
  let count = 0;
  for (let rest = n; rest > 0; rest >>>= 1) count += rest & 1;
  return count;
}

/** A row by the matrix, block by block. */
export function turned(row: Float32Array, name = ''): Float32Array {
  const width = turnWidth(row.length, name);
  if (width === 1) return row;
  const matrix = turnMatrix(width);
  const out = new Float32Array(row.length);
  for (let first = 0; first < row.length; first += width) {
    for (let i = 0; i < width; i++) {
      const x = row[first + i] as number;
      for (let j = 0; j < width; j++)
        out[first + j] = (out[first + j] as number) + x * (matrix[i * width + j] as number);
    }
  }
  return out;
}
