import type { StoredDtype } from '../contracts/checkpoint.ts';
import { CheckpointError } from '../contracts/errors.ts';
import { printable } from '../contracts/printable.ts';
import { STORED_TYPES, storedBytes } from '../formats/forms/stored/stored-types.ts';
import { BLOCK_TYPE_NAMES, blockType, blockTypeName } from './block-types.ts';
import type { GgufHeader, TensorInfo } from './header.ts';

/** A tensor whose place in the file was checked. */
export interface GgufTensor {
  readonly name: string;
  /** Rows first. */
  readonly shape: readonly number[];
  readonly dtype: StoredDtype;
  /** Of the first byte in the file. */
  readonly offset: number;
  readonly bytes: number;
}

const DEFAULT_ALIGNMENT = 32;
const MAX_ALIGNMENT = 1 << 20;

/**
 * The tensors of a header in a file of `size` bytes.
 * @throws CheckpointError for a type that can't be read, and for tensors that lie askew, outside, or over each other.
 */
export function placeTensors(
  path: string,
  { metadata, tensors, bytes }: GgufHeader,
  size: number,
): Map<string, GgufTensor> {
  const alignment = alignmentOf(path, metadata.get('general.alignment'));
  const start = Math.ceil(bytes / alignment) * alignment;
  const placed = tensors.map((info) => placeTensor(path, info, { alignment, start, size }));
  checkApart(path, placed);
  return new Map(placed.map((tensor) => [tensor.name, tensor]));
}

function alignmentOf(path: string, value: unknown = DEFAULT_ALIGNMENT): number {
  const allowed =
    typeof value === 'number' && value >= 8 && value <= MAX_ALIGNMENT && Math.log2(value) % 1 === 0;
  if (allowed) return value;
  const problem = `general.alignment is ${String(value).slice(0, 40)}; it must be a power of two from 8 to ${MAX_ALIGNMENT}.`;
  throw new CheckpointError(path, problem);
}

interface DataPart {
  readonly alignment: number;
  readonly start: number;
  readonly size: number;
}

function placeTensor(path: string, info: TensorInfo, { alignment, start, size }: DataPart) {
  const { name, shape } = info;
  const label = `tensor ${printable(name)}`;
  const dtype = blockType(info.type);
  if (dtype === undefined) {
    throw new CheckpointError(
      path,
      `${label} is stored as ${blockTypeName(info.type)}; this version reads ${BLOCK_TYPE_NAMES.join(', ')}.`,
    );
  }
  const damaged = (problem: string) =>
    new CheckpointError(
      path,
      `${label} ${problem}; the file is cut short or damaged: fetch it again.`,
    );
  const columns = shape.at(-1) as number;
  if (columns % STORED_TYPES[dtype].values !== 0) {
    throw damaged(`has rows of ${columns}, no whole number of ${dtype} blocks`);
  }
  const bytes = storedBytes(
    dtype,
    shape.reduce((product, n) => product * n, 1),
  );
  const offset = start + info.offset;
  if (offset % alignment !== 0) throw damaged(`lies at ${info.offset}, not on ${alignment} bytes`);
  if (bytes > size - offset) {
    throw damaged(`needs bytes ${offset} to ${offset + bytes} of a file of ${size}`);
  }
  return { name, shape, dtype, offset, bytes };
}

function checkApart(path: string, tensors: readonly GgufTensor[]): void {
  let end = 0;
  let before = '';
  for (const { name, offset, bytes } of [...tensors].sort((a, b) => a.offset - b.offset)) {
    if (offset < end) {
      const problem = `tensors ${printable(before)} and ${printable(name)} overlap; the file is damaged: fetch it again.`;
      throw new CheckpointError(path, problem);
    }
    [end, before] = [offset + bytes, name];
  }
}
