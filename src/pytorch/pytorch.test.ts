import { mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../checkpoint/testing/folders.ts';
import { CheckpointError } from '../contracts/errors.ts';
import { readFloats } from '../formats/read-tensor.ts';
import { readPytorchHeader } from './pytorch.ts';
import {
  archiveEntries,
  dictOf,
  emptyDict,
  encodeArchive,
  encodePytorch,
  global,
  integer,
  op,
  pickledTensor,
  program,
  storageId,
  text,
  tuple,
} from './testing/write-pytorch.ts';
import { encodeZip, type StoredEntry, type ZipOptions } from './testing/write-zip.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/pytorch/', import.meta.url));

interface Expected {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}
const expected: Readonly<Record<string, Readonly<Record<string, Expected>>>> = JSON.parse(
  readFileSync(join(FIXTURES, 'expected.json'), 'utf8'),
);

function fileOf(bytes: Uint8Array): string {
  const path = join(tempFolder(), 'pytorch_model.bin');
  writeFileSync(path, bytes);
  return path;
}

async function refusal(path: string): Promise<string> {
  const error: unknown = await readPytorchHeader(path).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(CheckpointError);
  return (error as CheckpointError).message;
}

const refusalOf = (bytes: Uint8Array) => refusal(fileOf(bytes));
const floats = (n: number) => Float32Array.from({ length: n }, (_, i) => i);
const pair = { dtype: 'F32', shape: [2], data: floats(2) };
const names: Record<string, string> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' };

describe('readPytorchHeader on files of PyTorch', () => {
  it.each(Object.keys(expected))('finds the tensors of %s', async (file) => {
    const tensors = await readPytorchHeader(join(FIXTURES, file));
    const found: Record<string, Expected> = {};
    for (const [name, ref] of tensors) {
      const values = [...(await readFloats(ref))];
      found[name] = { dtype: names[ref.dtype] ?? ref.dtype, shape: ref.shape, values };
    }
    expect(found).toEqual(expected[file]);
  });

  it.each([
    ['code', 'it asks for "posix.system"'],
    ['code-protocol-4', 'it asks for "posix.system"'],
    ['object', 'it asks for "__main__.Custom"'],
    ['parameter-state', 'it asks for "torch._utils._rebuild_parameter_with_state"'],
    ['sparse', 'it asks for "torch._utils._rebuild_sparse_tensor"'],
    ['conjugated', 'it calls torch._utils._rebuild_tensor_v2 in a way that is not known'],
    ['strided', 'tensor "w" is a view with strides [1, 3]'],
    ['expanded', 'tensor "w" is a view with strides [0]'],
    ['integers', 'tensor "ids" is stored as int64'],
    ['float8', 'tensor "w" is stored as float8_e4m3fn'],
    ['list', 'it holds no dict of tensors'],
    ['number', 'its entry "epoch" is no tensor'],
    ['storage', 'its entry "w" is no tensor'],
    ['two-models', 'in more than one place'],
    ['beside', 'in more than one place'],
    ['big-endian', 'its byte order is "big"'],
    ['compressed', 'is compressed or encrypted'],
    ['script', 'is compressed or encrypted'],
    ['old-format', 'torch.save(torch.load(path, weights_only=True), path)'],
  ])('refuses refused-%s.bin', async (name, problem) => {
    expect(await refusal(join(FIXTURES, `refused-${name}.bin`))).toContain(problem);
  });

  it('knows what is wrong with every refused file', () => {
    const files = readdirSync(FIXTURES).filter((name) => name.startsWith('refused-'));
    expect(files).toHaveLength(19);
  });
});

describe('readPytorchHeader on archives', () => {
  it.each([{ zip64: false }, { zip64: true }])('gives the place of each tensor, %j', async (o) => {
    const path = fileOf(encodePytorch({ a: pair, b: pair }, o));
    const { a, b } = Object.fromEntries(await readPytorchHeader(path));
    expect(a).toEqual({
      name: 'a',
      dtype: 'F32',
      shape: [2],
      path: realpathSync(path),
      offset: expect.any(Number),
      bytes: 8,
    });
    const bytes = readFileSync(path);
    for (const ref of [a, b]) {
      const offset = ref?.offset ?? 0;
      expect(offset % 64).toBe(0);
      expect(bytes.subarray(offset, offset + 8)).toEqual(Buffer.from(pair.data.buffer));
    }
  });

  it('leaves out the buffers of old versions, of whatever type', async () => {
    const ids = { dtype: 'I64', shape: [1, 3], data: new BigInt64Array(3) };
    const path = fileOf(encodePytorch({ 'vision_model.embeddings.position_ids': ids, w: pair }));
    expect([...(await readPytorchHeader(path)).keys()]).toEqual(['w']);
  });

  const good = archiveEntries(
    program(dictOf([text('w'), pickledTensor(storageId('F32', '0', 2), [2])])),
    [Buffer.alloc(8)],
  );
  const without = (name: string) => good.filter((entry) => entry.name !== name);
  const replaced = (name: string, data: string) => [
    ...without(name),
    { name, data: Buffer.from(data) },
  ];
  it.each<[string, string, readonly StoredEntry[], ZipOptions?]>([
    ['an archive without a pickle', 'holds 0 pickles', without('archive/data.pkl')],
    ['two pickles', 'holds 2 pickles', [...good, { name: 'b/data.pkl', data: Buffer.alloc(1) }]],
    ['no version', 'format version is "missing"', without('archive/version')],
    ['version 11', 'format version is "11\\n"', replaced('archive/version', '11\n')],
    ['a version that is no number', 'format version', replaced('archive/version', '0x3')],
    ['a version of a megabyte', 'entry version has', replaced('archive/version', '3'.repeat(1e6))],
    [
      'a byte order that is none',
      'byte order is "middle"',
      replaced('archive/byteorder', 'middle'),
    ],
    ['a pickle of 17 MB', 'is the limit', replaced('archive/data.pkl', 'N'.repeat(17_000_000))],
    ['an empty pickle', 'it is cut short', replaced('archive/data.pkl', '')],
    ['a missing storage', 'the file holds none', without('archive/data/0')],
    ['a storage too short', 'holds 4', replaced('archive/data/0', '1234')],
    ['a storage too long', 'holds 9', replaced('archive/data/0', '123456789')],
    ['two entries of one name', 'stands there twice', [...good, ...good.slice(2, 3)]],
    [
      'a path that leaves',
      'invalid relative path',
      [...good, { name: '../x', data: Buffer.alloc(1) }],
    ],
    [
      'an absolute path',
      'absolute path',
      [...good, { name: '/etc/passwd', data: Buffer.alloc(1) }],
    ],
    [
      'an entry that calls itself otherwise',
      'calls itself otherwise',
      good,
      { lies: { 'archive/data/0': { localName: 'archive/data/1' } } },
    ],
    [
      'a method that is unknown',
      'is compressed or encrypted',
      good,
      { lies: { 'archive/data/0': { method: 99 } } },
    ],
    [
      'an entry that reaches into the next',
      'overlaps the one before it',
      good,
      { lies: { 'archive/data/0': { bytes: 60 } } },
    ],
    [
      'an entry that reaches into the directory',
      'ends beyond the directory',
      good,
      { lies: { 'archive/version': { bytes: 100 } } },
    ],
    [
      'an entry beyond the file',
      'damaged',
      good,
      { lies: { 'archive/data/0': { at: 0x7fff_ffff } } },
    ],
    [
      'an entry beyond all files',
      'damaged',
      good,
      { zip64: true, lies: { 'archive/data/0': { at: Number.MAX_SAFE_INTEGER } } },
    ],
    [
      'a size beyond all files',
      'damaged',
      good,
      { zip64: true, lies: { 'archive/data/0': { bytes: Number.MAX_SAFE_INTEGER } } },
    ],
  ])('refuses %s', async (_, problem, entries, options) => {
    expect(await refusalOf(encodeZip(entries, options))).toContain(problem);
  });

  it('refuses two entries at one place', async () => {
    const bytes = encodeZip([...good, { name: 'archive/data/1', data: Buffer.alloc(8) }], {
      lies: { 'archive/data/1': { at: 0, localName: 'archive/data.pkl' } },
    });
    expect(await refusalOf(bytes)).toContain('the zip archive is damaged');
  });

  it('refuses what is no archive, cut short, missing, or no file', async () => {
    const dir = tempFolder();
    expect(await refusalOf(Buffer.alloc(0))).toContain('no file of torch.save');
    expect(await refusalOf(Buffer.from('{"a": 1}'))).toContain('no file of torch.save');
    expect(await refusalOf(encodeZip(good).subarray(0, -30))).toContain('is damaged');
    expect(await refusal(join(dir, 'none'))).toContain('no such file');
    mkdirSync(join(dir, 'folder'));
    expect(await refusal(join(dir, 'folder'))).toContain('not a regular file');
    expect(await refusal('/dev/zero')).toContain('not a regular file');
  });
});

describe('readPytorchHeader on tensors', () => {
  const storage = storageId('F32', '0', 6);
  const dict = (...tensors: readonly Uint8Array[]) =>
    encodeArchive(program(dictOf(...tensors.map((t, i) => [text(`t${i}`), t] as const))), [
      Buffer.alloc(24),
    ]);

  it('takes parts of a shared storage, also at odd places', async () => {
    const path = fileOf(
      dict(pickledTensor(storage, [2, 3]), pickledTensor(storage, [1, 2], { offset: 3 })),
    );
    const { t0, t1 } = Object.fromEntries(await readPytorchHeader(path));
    expect((t1?.offset ?? 0) - (t0?.offset ?? 0)).toBe(12);
  });

  it('does not mind the strides of single and of no elements', async () => {
    const path = fileOf(
      dict(
        pickledTensor(storage, [1, 3], { strides: [99, 1] }),
        pickledTensor(storage, [0, 3], { strides: [7, 7], offset: 6 }),
      ),
    );
    const shapes = [...(await readPytorchHeader(path)).values()].map(({ shape }) => shape);
    expect(shapes).toEqual([
      [1, 3],
      [0, 3],
    ]);
  });

  it.each([
    ['a shape beyond the storage', 'reaches beyond', pickledTensor(storage, [7])],
    ['a place beyond the storage', 'reaches beyond', pickledTensor(storage, [2], { offset: 5 })],
    [
      'a place beyond 2^53 bytes',
      'reaches beyond',
      pickledTensor(storage, [1], { offset: 2 ** 52 }),
    ],
    ['2^60 elements', 'reaches beyond', pickledTensor(storage, [2 ** 30, 2 ** 30])],
    ['no elements far away', 'reaches beyond', pickledTensor(storage, [0], { offset: 7 })],
    ['a negative size', 'in a way that is not known', pickledTensor(storage, [-1])],
    ['a negative place', 'in a way that is not known', pickledTensor(storage, [1], { offset: -1 })],
    ['more strides than sizes', 'not known', pickledTensor(storage, [1], { strides: [1, 1] })],
    ['17 axes', 'not known', pickledTensor(storage, Array(17).fill(1))],
    ['a storage that is none', 'not known', pickledTensor(emptyDict, [1])],
    [
      'a type that is none',
      'refers to something',
      pickledTensor(storageId('float32', '0', 6), [6]),
    ],
    ['a key that is a path', 'no storage', pickledTensor(storageId('F32', '../0', 6), [6])],
    ['2^62 elements of storage', 'beyond 2^53', pickledTensor(storageId('F32', '0', 2 ** 62), [6])],
    ['a hook', 'asks for "builtins.eval"', global('builtins', 'eval')],
  ])('refuses %s', async (_, problem, tensor) => {
    expect(await refusalOf(dict(tensor))).toContain(problem);
  });

  it('refuses a storage that is described in two ways', async () => {
    const half = pickledTensor(storageId('F16', '0', 12), [12]);
    expect(await refusalOf(dict(pickledTensor(storage, [6]), half))).toContain('in two ways');
  });

  it('refuses a name that stands twice, that is hidden, and that is a number', async () => {
    const w = pickledTensor(storage, [6]);
    const of = (...keys: readonly Uint8Array[]) =>
      refusalOf(
        encodeArchive(program(dictOf(...keys.map((key) => [key, w] as const))), [Buffer.alloc(24)]),
      );
    expect(await of(text('a'), text('a'))).toContain('sets one key of a dict twice');
    expect(await of(text('a\u202eb'))).toContain('"a\\u{202e}b", which can\'t be shown');
    expect(await of(text(''))).toContain('names a tensor ""');
    expect(await of(integer(1))).toContain('names a tensor 1');
  });

  it.each([
    ['metadata of another kind', dictOf([text('__class__'), text('x')])],
    ['a pair of states', tuple(op('N'), dictOf())],
  ])('refuses attributes: %s', async (_, state) => {
    const body = program(emptyDict, state, op('b'));
    expect(await refusalOf(encodeArchive(body, []))).toContain('gives an object attributes');
  });
});
