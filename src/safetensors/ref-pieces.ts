import { createReadStream } from 'node:fs';
import {
  isBlockDtype,
  type StoredDtype,
  type TensorRef,
  type WeightDtype,
} from '../contracts/checkpoint.ts';
import { CheckpointError } from '../contracts/errors.ts';
import { ioError } from '../files/io-error.ts';
import { storedBytes } from '../formats/forms/stored/stored-types.ts';
import { narrowFloats, tooLarge } from '../formats/narrow-floats.ts';
import { readFloats } from '../formats/read-tensor.ts';

const CHUNK_VALUES = 1 << 20;

/**
 * A stored tensor's bytes as `dtype`, a few megabytes at a time; as they are where they have it.
 * @throws CheckpointError where `dtype` is too narrow, or the file can't be read or has changed.
 */
export function refPieces(ref: TensorRef, dtype: StoredDtype): AsyncIterable<Uint8Array> {
  if (ref.dtype === dtype) return storedPieces(ref);
  if (isBlockDtype(dtype)) throw new TypeError(`numbers are not put into blocks (${ref.name})`);
  return convertedPieces(ref, dtype);
}

async function* storedPieces({ path, name, offset, bytes }: TensorRef) {
  if (bytes === 0) return;
  let left = bytes;
  try {
    const range = { start: offset, end: offset + bytes - 1, highWaterMark: 4 << 20 };
    for await (const piece of createReadStream(path, range)) {
      left -= piece.length;
      yield piece as Uint8Array;
    }
  } catch (cause) {
    throw ioError(path, cause);
  }
  if (left > 0) {
    throw new CheckpointError(path, `the file ends inside tensor ${name}; fetch it again.`);
  }
}

async function* convertedPieces(ref: TensorRef, dtype: WeightDtype) {
  const step = storedBytes(ref.dtype, CHUNK_VALUES);
  for (let done = 0; done < ref.bytes; done += step) {
    const bytes = Math.min(step, ref.bytes - done);
    const values = await readFloats({ ...ref, offset: ref.offset + done, bytes });
    const piece = narrowFloats(values, dtype);
    if (piece === undefined) throw tooLarge(ref.path, ref.name, dtype);
    yield piece;
  }
}
