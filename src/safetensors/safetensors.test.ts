import {
  mkdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyOf, TINY_DRAFT, tempFolder } from '../checkpoint/testing/folders.ts';
import { CheckpointError } from '../contracts/errors.ts';
import { readSafetensorsHeader } from './safetensors.ts';
import { encodeSafetensors, joinHeader, writeSafetensors } from './testing/write-safetensors.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);

const floats = (n: number) => new Float32Array(n);
const entry = (dtype: string, shape: unknown, begin: unknown, end: unknown) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

function fileOf(bytes: Uint8Array): string {
  const path = join(tempFolder(), 'model.safetensors');
  writeFileSync(path, bytes);
  return path;
}

const fileWithHeader = (header: unknown, dataBytes: number) =>
  fileOf(joinHeader(JSON.stringify(header), Buffer.alloc(dataBytes)));

describe('readSafetensorsHeader', () => {
  it('gives type, shape and place of each tensor', async () => {
    const path = fileOf(
      encodeSafetensors({
        half: { dtype: 'BF16', shape: [3], data: new Uint16Array(3) },
        scalar: { dtype: 'F32', shape: [], data: floats(1) },
        none: { dtype: 'F16', shape: [0, 7], data: floats(0) },
      }),
    );
    const dataStart = 8 + Number(readFileSync(path).readBigUInt64LE());
    const tensors = await readSafetensorsHeader(path);
    const at = { path: realpathSync(path) };
    expect([...tensors.values()]).toEqual([
      { ...at, name: 'half', dtype: 'BF16', shape: [3], offset: dataStart, bytes: 6 },
      { ...at, name: 'scalar', dtype: 'F32', shape: [], offset: dataStart + 6, bytes: 4 },
      { ...at, name: 'none', dtype: 'F16', shape: [0, 7], offset: dataStart + 10, bytes: 0 },
    ]);
  });

  it('reads a published draft, its metadata included', async () => {
    const tensors = await readSafetensorsHeader(join(TINY_DRAFT, 'model.safetensors'));
    expect(tensors.size).toBe(11);
    expect(tensors.get('fc.weight')).toMatchObject({ shape: [160, 320], bytes: 160 * 320 * 4 });
  });

  it('gives the real path behind the links of a hub cache', async () => {
    const dir = copyOf(TINY_DRAFT);
    const link = join(dir, 'link.safetensors');
    symlinkSync('model.safetensors', link);
    const [ref] = (await readSafetensorsHeader(link)).values();
    expect(ref?.path).toBe(realpathSync(join(dir, 'model.safetensors')));
  });

  it('takes tensors in any order of their bytes', async () => {
    const header = { b: entry('F32', [2], 4, 12), a: entry('F32', [1], 0, 4) };
    expect([...(await readSafetensorsHeader(fileWithHeader(header, 12))).keys()]).toEqual([
      'b',
      'a',
    ]);
  });

  it('leaves out the buffers of old versions, of whatever type', async () => {
    const header = {
      'vision.position_ids': entry('I64', [1, 2], 0, 16),
      'layers.0.rotary_emb.inv_freq': entry('F32', [1], 16, 20),
      a: entry('F32', [1], 20, 24),
    };
    expect([...(await readSafetensorsHeader(fileWithHeader(header, 24))).keys()]).toEqual(['a']);
  });

  it.each<[string, string, Buffer]>([
    ['an empty file', 'cut short', Buffer.alloc(0)],
    ['a file of seven bytes', 'cut short', Buffer.alloc(7)],
    ['a header length of zero', 'begin with {', Buffer.alloc(8)],
    [
      'a header longer than the file',
      'claims 500 bytes',
      Buffer.from([0xf4, 1, 0, 0, 0, 0, 0, 0, 0x7b]),
    ],
    ['a header of 2^63 bytes', 'claims', Buffer.from([0, 0, 0, 0, 0, 0, 0, 0x80, 0x7b])],
    ['a header that is no JSON', 'not valid JSON', joinHeader('{"a":', Buffer.alloc(0))],
    ['a header that is a list', 'begin with {', joinHeader('[]', Buffer.alloc(0))],
    ['a header that begins with a space', 'begin with {', joinHeader(' {}', Buffer.alloc(0))],
    [
      'a header that is no UTF-8',
      'not valid JSON',
      Buffer.from([3, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff, 0x7d]),
    ],
    ['data that no tensor holds', 'promises 0 bytes', joinHeader('{}', Buffer.alloc(4))],
    [
      'two tensors of one name',
      'key "a" twice',
      joinHeader(
        '{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"\\u0061":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
        Buffer.alloc(4),
      ),
    ],
    [
      'two shapes of one tensor',
      'key "shape" twice',
      joinHeader(
        '{"a":{"dtype":"F32","shape":[0],"shape":[1],"data_offsets":[0,4]}}',
        Buffer.alloc(4),
      ),
    ],
  ])('refuses %s', async (_, problem, bytes) => {
    await expect(readSafetensorsHeader(fileOf(bytes))).rejects.toThrow(problem);
    await expect(readSafetensorsHeader(fileOf(bytes))).rejects.toBeInstanceOf(CheckpointError);
  });

  it.each<[string, string, object]>([
    ['an integer weight', 'tensor "a" is stored as I32; use', { a: entry('I32', [2], 0, 8) }],
    ['a type that the format lacks', 'unknown type "F31"', { a: entry('F31', [2], 0, 8) }],
    ['no type', 'unknown type missing', { a: { shape: [2], data_offsets: [0, 8] } }],
    ['a negative size', 'short list of sizes', { a: entry('F32', [-2, -1], 0, 8) }],
    ['a fractional size', 'short list of sizes', { a: entry('F32', [0.5, 4], 0, 8) }],
    ['a size in words', 'short list of sizes', { a: entry('F32', ['2'], 0, 8) }],
    ['a shape that is no list', 'short list of sizes', { a: entry('F32', 2, 0, 8) }],
    ['thousands of axes', 'short list of sizes', { a: entry('F32', Array(3000).fill(1), 0, 8) }],
    [
      'sizes whose product overflows',
      "can't fill",
      { a: entry('F32', [2 ** 40, 2 ** 40, 2 ** 40], 0, 8) },
    ],
    ['one position', 'pair of positions', { a: { ...entry('F32', [2], 0, 8), data_offsets: [8] } }],
    ['positions in words', 'pair of positions', { a: entry('F32', [2], '0', 8) }],
    ['an end before the begin', "can't fill", { a: entry('F32', [2], 8, 0) }],
    ['a shape too small for its bytes', "can't fill bytes 0 to 8", { a: entry('F32', [1], 0, 8) }],
    ['a shape too large for its bytes', "can't fill bytes 0 to 8", { a: entry('F32', [3], 0, 8) }],
    ['bytes beyond the file', 'promises 16 bytes', { a: entry('F32', [4], 0, 16) }],
    ['bytes that end before the file', 'promises 4 bytes', { a: entry('F32', [1], 0, 4) }],
    ['an overlap', '"b" overlaps', { a: entry('F32', [2], 0, 8), b: entry('F32', [1], 4, 8) }],
    ['a hole', '"a" leaves a hole', { a: entry('F32', [1], 4, 8) }],
    ['a tensor that is no object', 'not described', { a: [1] }],
    [
      'metadata that is no text',
      '__metadata__',
      { __metadata__: { a: 1 }, a: entry('F32', [2], 0, 8) },
    ],
    ['a name that moves the cursor', "can't be shown", { '\u001b[2J': entry('F32', [2], 0, 8) }],
    ['no name', "can't be shown", { '': entry('F32', [2], 0, 8) }],
  ])('refuses %s', async (_, problem, header) => {
    const reading = readSafetensorsHeader(fileWithHeader(header, 8));
    await expect(reading).rejects.toBeInstanceOf(CheckpointError);
    await expect(reading).rejects.toThrow(problem);
  });

  it('keeps a tensor with the name of a language trap apart', async () => {
    const text = '{"__proto__":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
    const tensors = await readSafetensorsHeader(fileOf(joinHeader(text, Buffer.alloc(8))));
    expect([...tensors.keys()]).toEqual(['__proto__']);
  });

  it('refuses every truncation of a good file', async () => {
    const path = join(tempFolder(), 'model.safetensors');
    writeSafetensors(path, { a: { dtype: 'F32', shape: [2], data: floats(2) } });
    for (let size = readFileSync(path).length - 1; size >= 0; size--) {
      truncateSync(path, size);
      await expect(readSafetensorsHeader(path), `${size} bytes`).rejects.toBeInstanceOf(
        CheckpointError,
      );
    }
  });

  it('refuses a header over 100 MB without reading it', async () => {
    const path = fileOf(Buffer.from([1, 0xe1, 0xf5, 0x05, 0, 0, 0, 0, 0x7b]));
    truncateSync(path, 200_000_000);
    await expect(readSafetensorsHeader(path)).rejects.toThrow('100 MB is the limit');
  });

  it('refuses a missing file, a folder, and a device', async () => {
    const dir = tempFolder();
    await expect(readSafetensorsHeader(join(dir, 'none'))).rejects.toThrow('no such file');
    mkdirSync(join(dir, 'folder'));
    await expect(readSafetensorsHeader(join(dir, 'folder'))).rejects.toThrow('not a regular file');
    await expect(readSafetensorsHeader('/dev/zero')).rejects.toThrow('not a regular file');
  });
});

describe('readSafetensorsHeader under fuzzing', () => {
  const good = encodeSafetensors({
    'layers.0.weight': { dtype: 'F32', shape: [2, 3], data: floats(6) },
    'layers.0.bias': { dtype: 'BF16', shape: [2], data: new Uint16Array(2) },
  });
  const size = fc.oneof(fc.nat(40), fc.constantFrom(-1, 0.5, 2 ** 31, 2 ** 53, 1e300, null, '1'));
  const tensor = fc.record({
    dtype: fc.constantFrom('F32', 'F16', 'BF16', 'I64', 'F8_E4M3', 'nonsense'),
    shape: fc.oneof(fc.array(fc.nat(4), { maxLength: 3 }), fc.array(size), fc.jsonValue()),
    data_offsets: fc.oneof(fc.tuple(fc.nat(64), fc.nat(64)), fc.array(size), fc.jsonValue()),
  });
  const corrupted = fc
    .array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    .map((edits) => {
      const bytes = Buffer.from(good);
      for (const [at, value] of edits) bytes[at] = value;
      return bytes;
    });
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    corrupted,
    fc.tuple(fc.bigInt(0n, 2n ** 64n - 1n), fc.uint8Array()).map(([length, rest]) => {
      const prefix = Buffer.alloc(8);
      prefix.writeBigUInt64LE(length);
      return Buffer.concat([prefix, rest]);
    }),
    fc
      .tuple(fc.dictionary(fc.string(), fc.oneof(tensor, fc.jsonValue())), fc.nat(64))
      .map(([header, data]) => joinHeader(JSON.stringify(header), Buffer.alloc(data))),
  );

  it('gives sound tensors or a CheckpointError, whatever the bytes', async () => {
    const path = join(tempFolder(), 'model.safetensors');
    await fc.assert(
      fc.asyncProperty(bytes, async (content) => {
        writeFileSync(path, content);
        const outcome = await readSafetensorsHeader(path).catch((error: unknown) => error);
        if (outcome instanceof Map) {
          for (const { offset, bytes: length } of outcome.values()) {
            expect(offset + length).toBeLessThanOrEqual(content.length);
          }
        } else {
          expect(outcome).toBeInstanceOf(CheckpointError);
        }
      }),
      { numRuns },
    );
  });

  it('reads back whatever is written', async () => {
    const path = join(tempFolder(), 'model.safetensors');
    const shapes = fc.dictionary(
      fc.stringMatching(/^[a-z][a-z0-9._]{0,20}$/),
      fc.array(fc.nat(4), { maxLength: 4 }),
    );
    await fc.assert(
      fc.asyncProperty(shapes, async (wanted) => {
        const tensors = Object.entries(wanted).map(([name, shape]) => {
          const data = floats(shape.reduce((product, n) => product * n, 1));
          return [name, { dtype: 'F32', shape, data }] as const;
        });
        writeSafetensors(path, Object.fromEntries(tensors));
        const read = [...(await readSafetensorsHeader(path))].map(([name, ref]) => [
          name,
          ref.shape,
        ]);
        expect(Object.fromEntries(read)).toEqual(wanted);
      }),
      { numRuns },
    );
  });

  it('does not allocate what a lying length asks for', async () => {
    const path = fileOf(
      Buffer.concat([Buffer.from([0, 0xe1, 0xf5, 0x05, 0, 0, 0, 0]), Buffer.from('{}')]),
    );
    const before = process.memoryUsage().arrayBuffers;
    await expect(readSafetensorsHeader(path)).rejects.toThrow(
      'claims 100000000 bytes but the file has 10',
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
  });
});
