import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gguf as readByHuggingFace, GGMLQuantizationType as T } from '@huggingface/gguf';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../checkpoint/testing/folders.ts';
import { CheckpointError } from '../contracts/errors.ts';
import { readGguf } from './read-gguf.ts';
import { countedF32, tinyGguf, tinyMetadata, tinyTensors } from './testing/tiny-gguf.ts';
import { encodeGguf, type TestTensor } from './testing/write-gguf.ts';

function stored(bytes: Uint8Array): string {
  const path = join(tempFolder(), 'model.gguf');
  writeFileSync(path, bytes);
  return path;
}

const read = (bytes: Uint8Array) => readGguf(stored(bytes));

describe('readGguf', () => {
  it('finds what Hugging Face finds', async () => {
    const path = stored(tinyGguf());
    const ours = await readGguf(path);
    const theirs = await readByHuggingFace(path, { allowLocalFile: true });
    const { version, tensor_count, kv_count, ...metadata } = theirs.metadata;
    const lists = [...ours.metadata].map(([key, value]) => [
      key,
      ArrayBuffer.isView(value) ? [...Object(value)] : value,
    ]);
    const untold = (tokens: unknown) => JSON.stringify(tokens).replaceAll('\ufeff', '');
    expect(untold(Object.fromEntries(lists))).toBe(untold(metadata));
    expect([version, tensor_count, kv_count]).toEqual([3, 11n, BigInt(ours.metadata.size)]);
    const start = Number(theirs.tensorDataOffset);
    expect(
      [...ours.tensors.values()].map(({ name, shape, offset }) => [name, shape, offset]),
    ).toEqual(
      theirs.tensorInfos.map(({ name, shape, offset }) => [
        name,
        shape.map(Number).reverse(),
        start + Number(offset),
      ]),
    );
  });

  it('keeps a byte order mark that is a token, and strings longer than a window', async () => {
    const long = 'y'.repeat(5_000_000);
    const { metadata } = await read(encodeGguf({ tokens: ['\ufeff', 'x'], long, after: 7 }, []));
    expect(metadata.get('tokens')).toEqual(['\ufeff', 'x']);
    expect(metadata.get('long')).toBe(long);
    expect(metadata.get('after')).toBe(7);
  });

  it('keeps keys that JavaScript has a meaning for apart', async () => {
    const entries = [
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ] as const;
    const file = encodeGguf(Object.fromEntries(entries), []);
    expect([...(await read(file)).metadata]).toEqual(entries);
  });

  it('says where a cut file ends, wherever it is cut', async () => {
    const whole = tinyGguf();
    for (const length of [0, 3, 8, 20, 100, 700, 3000, whole.length - 64]) {
      const reading = read(whole.subarray(0, length));
      await expect(reading, `${length} bytes`).rejects.toBeInstanceOf(CheckpointError);
    }
  });
});

/** A file whose header has other numbers at given places. */
function patched(at: number, value: bigint, bytes = encodeGguf({ a: 'text' }, [])): Uint8Array {
  const copy = Uint8Array.from(bytes);
  new DataView(copy.buffer).setBigUint64(at, value, true);
  return copy;
}

const HUGE = 2n ** 60n;
const one = (change: Partial<TestTensor>, metadata = {}, alignment?: number) =>
  encodeGguf(metadata, [{ ...countedF32('t', [4, 8]), ...change }], alignment);
const pair = (offset: number) =>
  encodeGguf({}, [countedF32('a', [4, 8]), { ...countedF32('b', [4, 8]), offset }]);

describe('a GGUF file that lies', () => {
  it.each<[string, Uint8Array, RegExp]>([
    ['no GGUF', new Uint8Array(Buffer.from('safetensors and more')), /no GGUF file/],
    ['version 1', patched(4, 1n), /version 1 is not one/],
    ['version 4', patched(4, 4n), /version 4 is not one/],
    ['big-endian', patched(4, 3n << 24n), /big-endian/],
    ['2^60 tensors', patched(8, HUGE), /claims 1152921504606846976 tensors/],
    ['2^60 keys', patched(16, HUGE), /claims 1152921504606846976 metadata keys/],
    ['a key of 2^60 bytes', patched(24, HUGE), /claims \d+ bytes in a metadata key/],
    ['a string of 2^60 bytes', patched(37, HUGE), /claims \d+ bytes in the value of "a"/],
    ['more keys than there are', patched(16, 2n), /key is empty/],
    [
      'a list of 2^60',
      patched(41, HUGE, encodeGguf({ a: ['x'] }, [])),
      /claims \d+ entries of "a"/,
    ],
    [
      'numbers past its end',
      patched(41, 40n, encodeGguf({ a: Int32Array.of(1) }, [])),
      /ends inside/,
    ],
    ['a value of no type', patched(33, 99n), /"a" has the unknown type 99/],
    ['a list of lists', patched(37, 9n, encodeGguf({ a: ['x'] }, [])), /list of lists/],
    [
      'a tensor twice',
      encodeGguf({}, [countedF32('a', [8]), countedF32('a', [8])]),
      /described twice/,
    ],
    ['a tensor without dimensions', one({ shape: [] }), /has 0 dimensions/],
    ['five dimensions', one({ shape: [1, 1, 1, 1, 1] }), /has 5 dimensions/],
    ['an empty dimension', one({ shape: [0, 8] }), /has the shape \[0, 8\]/],
    ['dimensions past all numbers', one({ shape: [2 ** 40, 2 ** 40] }), /has the shape/],
    ['a shape past the file', one({ shape: [400, 800] }), /needs bytes .* of a file of/],
    ['an offset past the file', one({ offset: 2 ** 40 }), /needs bytes/],
    ['an offset askew', one({ offset: 4 }), /lies at 4, not on 32 bytes/],
    ['tensors over each other', pair(64), /"a" and "b" overlap/],
    ['the same place for two', pair(0), /"a" and "b" overlap/],
    [
      'a type that is not read',
      one({ type: T.IQ4_XS }),
      /stored as IQ4_XS; this version reads F32/,
    ],
    ['a type that nobody knows', one({ type: 999 }), /stored as number 999/],
    ['rows that break a block', one({ type: T.Q4_0 }), /rows of 8, no whole number of Q4_0/],
    ['alignment 0', one({}, { 'general.alignment': 0 }), /general.alignment is 0/],
    ['alignment 48', one({}, { 'general.alignment': 48 }), /general.alignment is 48/],
    ['alignment of text', one({}, { 'general.alignment': 'x' }), /general.alignment is x/],
    [
      'alignment 2^31',
      one({}, { 'general.alignment': 2 ** 31 }),
      /general.alignment is 2147483648/,
    ],
  ])('is refused for %s', async (_, bytes, message) => {
    const reading = read(bytes);
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toBeInstanceOf(CheckpointError);
  });

  it('has its tensors where another alignment puts them', async () => {
    const file = one({}, { 'general.alignment': 256 }, 256);
    expect((await read(file)).tensors.get('t')?.offset).toBe(256);
  });

  it('is refused where a key stands twice', async () => {
    const file = Buffer.from(encodeGguf({ aa: 1, ab: 2 }, []));
    file[file.indexOf('ab') + 1] = 'a'.charCodeAt(0);
    await expect(read(new Uint8Array(file))).rejects.toThrow(/"aa" stands twice/);
  });

  it('is refused where text is not UTF-8', async () => {
    const file = Buffer.from(encodeGguf({ a: 'text' }, []));
    file[file.indexOf('text')] = 0xff;
    await expect(read(new Uint8Array(file))).rejects.toThrow(/value of "a" is not UTF-8/);
  });

  it('is not opened where it is no file', async () => {
    await expect(readGguf(tempFolder())).rejects.toThrow(/not a regular file/);
    await expect(readGguf(join(tempFolder(), 'gone.gguf'))).rejects.toThrow(/no such file/);
  });
});

it('reads the tiny model that other tests begin with', async () => {
  const { tensors } = await read(tinyGguf(tinyMetadata(), tinyTensors([T.Q6_K])));
  expect(tensors.get('token_embd.weight')).toMatchObject({ shape: [12, 256], bytes: 12 * 210 });
});
