import { readFile } from 'node:fs/promises';
import { CheckpointError } from '../contracts/errors.ts';
import type { NumberArray, NumberFile } from '../contracts/model-folder.ts';
import { printable } from '../contracts/printable.ts';
import { ioError } from '../files/io-error.ts';
import { readDeclared } from './safetensors.ts';

/** Larger files are no tables that a load should read whole. */
const MOST_BYTES = 256 << 20;

/**
 * Reads a safetensors file of whole numbers. They are copied, so that each array begins where its type wants it.
 * @throws CheckpointError where it can't be read, is larger than 256 MiB, or its header lies
 */
export async function readNumbers(path: string): Promise<NumberFile> {
  const { real, bytes, dataStart, entries, metadata } = await readDeclared(path);
  if (bytes > MOST_BYTES) {
    throw new CheckpointError(path, `it has ${bytes} bytes and ${MOST_BYTES} is the limit.`);
  }
  const file = await readFile(real).catch((cause: unknown) => {
    throw ioError(path, cause);
  });
  const arrays = entries.map(({ name, dtype, shape, begin, end }) => {
    const part = Uint8Array.from(file.subarray(dataStart + begin, dataStart + end));
    const array = numbersOf(dtype, part.buffer);
    if (array !== undefined) return [name, { ...array, shape }] as const;
    throw new CheckpointError(
      path,
      `tensor ${printable(name)} is stored as ${dtype}, and only U8, U16 and U32 are read here.`,
    );
  });
  return { path, bytes, metadata, arrays: new Map(arrays) };
}

/** Little-endian, as the format and all machines that run this. */
function numbersOf(dtype: string, bytes: ArrayBuffer): NumberArray | undefined {
  if (dtype === 'U8') return { dtype, data: new Uint8Array(bytes) };
  if (dtype === 'U16') return { dtype, data: new Uint16Array(bytes) };
  if (dtype === 'U32') return { dtype, data: new Uint32Array(bytes) };
  return undefined;
}
