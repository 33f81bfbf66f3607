/** Goldens out of fixtures/, for tests: a safetensors file whole in memory. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

const header = z.record(
  z.string(),
  z.object({
    dtype: z.string(),
    shape: z.array(z.number()),
    data_offsets: z.tuple([z.number(), z.number()]),
  }),
);

interface Golden {
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** The path of a file under fixtures/ or models/. */
export function repositoryPath(path: string): string {
  return fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
}

export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(repositoryPath(path), 'utf8'));
}

/** The tensors of a file by name. */
export function readGoldens(path: string): ReadonlyMap<string, Golden> {
  const file = readFileSync(repositoryPath(path));
  const start = 8 + Number(file.readBigUInt64LE(0));
  const { __metadata__, ...entries } = JSON.parse(file.toString('utf8', 8, start));
  return new Map(
    Object.entries(header.parse(entries)).map(
      ([
        name,
        {
          shape,
          data_offsets: [from, to],
        },
      ]) => [name, { shape, bytes: new Uint8Array(file.subarray(start + from, start + to)) }],
    ),
  );
}

export function golden(goldens: ReadonlyMap<string, Golden>, name: string): Golden {
  const found = goldens.get(name);
  if (found === undefined) throw new Error(`no golden ${name}`);
  return found;
}

/** A u8 golden [height, width, 3] as a picture. */
export function goldenImage(goldens: ReadonlyMap<string, Golden>, name: string) {
  const { shape, bytes } = golden(goldens, name);
  const [height = 0, width = 0] = shape;
  return { width, height, data: bytes };
}

export function floats({ bytes }: Golden): Float32Array {
  return new Float32Array(bytes.buffer);
}

/** The largest absolute difference, infinite where the lengths differ. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    largest = Math.max(largest, Math.abs((a[i] as number) - (b[i] as number)));
  }
  return largest;
}
