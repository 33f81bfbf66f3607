import { writeFileSync } from 'node:fs';
import type { StoredTensor } from '../../safetensors/testing/write-safetensors.ts';
import { encodeZip, type StoredEntry, type ZipOptions } from './write-zip.ts';

const STORAGES: Readonly<Record<string, string>> = {
  F32: 'FloatStorage',
  F16: 'HalfStorage',
  BF16: 'BFloat16Storage',
  I64: 'LongStorage',
};

type Tensors = Readonly<Record<string, StoredTensor>>;

/** Writes a state dict as torch.save does. */
export function writePytorch(path: string, tensors: Tensors, options?: ZipOptions): void {
  writeFileSync(path, encodePytorch(tensors, options));
}

export function encodePytorch(tensors: Tensors, options?: ZipOptions): Buffer {
  const storages = Object.values(tensors).map(({ data }) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  );
  return encodeArchive(pickledDict(tensors), storages, options);
}

/** An archive of any pickle and any storages. */
export function encodeArchive(
  pickle: Uint8Array,
  storages: readonly Uint8Array[],
  options?: ZipOptions,
): Buffer {
  return encodeZip(archiveEntries(pickle, storages), options);
}

export function archiveEntries(
  pickle: Uint8Array,
  storages: readonly Uint8Array[],
): readonly StoredEntry[] {
  return [
    { name: 'archive/data.pkl', data: pickle },
    { name: 'archive/byteorder', data: Buffer.from('little') },
    ...storages.map((data, i) => ({ name: `archive/data/${i}`, data })),
    { name: 'archive/version', data: Buffer.from('3\n') },
  ];
}

/** A program of protocol 2 around `body`. */
export function program(...body: readonly Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.from([0x80, 2]), ...body, Buffer.from('.')]);
}

export const op = (text: string): Buffer => Buffer.from(text, 'latin1');

export const global = (module: string, name: string): Buffer => op(`c${module}\n${name}\n`);

export function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([op('X'), length, bytes]);
}

export function integer(value: number): Buffer {
  const bytes = Buffer.alloc(10);
  bytes[0] = 0x8a;
  bytes[1] = 8;
  bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)), 2);
  return bytes;
}

export const tuple = (...items: readonly Uint8Array[]): Buffer =>
  Buffer.concat([op('('), ...items, op('t')]);

export const emptyDict = Buffer.concat([global('collections', 'OrderedDict'), op(')R')]);

export const storageId = (dtype: string, key: string, elements: number): Buffer =>
  Buffer.concat([
    tuple(
      text('storage'),
      global('torch', STORAGES[dtype] ?? dtype),
      text(key),
      text('cpu'),
      integer(elements),
    ),
    op('Q'),
  ]);

/** A call of `_rebuild_tensor_v2` on a storage. */
export function pickledTensor(
  storage: Uint8Array,
  shape: readonly number[],
  { offset = 0, strides = rowMajor(shape) }: { offset?: number; strides?: readonly number[] } = {},
): Buffer {
  return Buffer.concat([
    global('torch._utils', '_rebuild_tensor_v2'),
    tuple(
      storage,
      integer(offset),
      tuple(...shape.map(integer)),
      tuple(...strides.map(integer)),
      op('\x89'),
      emptyDict,
    ),
    op('R'),
  ]);
}

/** A dict of items, each a key's and a value's program. */
export const dictOf = (...items: readonly (readonly [Uint8Array, Uint8Array])[]): Buffer =>
  Buffer.concat([op('}('), ...items.flat(), op('u')]);

function pickledDict(tensors: Tensors): Buffer {
  const items = Object.entries(tensors).map(([name, { dtype, shape }], i) => {
    const elements = shape.reduce((product, n) => product * n, 1);
    return [text(name), pickledTensor(storageId(dtype, String(i), elements), shape)] as const;
  });
  return program(dictOf(...items));
}

function rowMajor(shape: readonly number[]): number[] {
  return shape.map((_, axis) =>
    shape.slice(axis + 1).reduce((step, n) => step * Math.max(n, 1), 1),
  );
}
