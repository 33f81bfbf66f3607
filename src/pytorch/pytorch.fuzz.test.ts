/** Whatever the bytes, the reader gives sound places or a CheckpointError; nothing is run and nothing is written. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../checkpoint/testing/folders.ts';
import type { TensorTable } from '../contracts/checkpoint.ts';
import { CheckpointError } from '../contracts/errors.ts';
import { readPytorchHeader } from './pytorch.ts';
import {
  archiveEntries,
  dictOf,
  emptyDict,
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
import { encodeZip, type ZipLies } from './testing/write-zip.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);
const FIXTURES = fileURLToPath(new URL('../../fixtures/pytorch/', import.meta.url));
const REAL = readdirSync(FIXTURES)
  .filter((name) => name.endsWith('.bin'))
  .map((name) => readFileSync(join(FIXTURES, name)));

/** Reads many files at one path. */
function reader() {
  const folder = tempFolder();
  const path = join(folder, 'pytorch_model.bin');
  return async (content: Uint8Array): Promise<void> => {
    writeFileSync(path, content);
    const outcome = await readPytorchHeader(path).catch((error: unknown) => error);
    expect(readdirSync(folder)).toEqual(['pytorch_model.bin']);
    if (outcome instanceof CheckpointError) return;
    expect(outcome).toBeInstanceOf(Map);
    const refs = [...(outcome as TensorTable).values()];
    for (const { offset, bytes, shape } of refs) {
      expect(offset).toBeGreaterThanOrEqual(0);
      expect(offset + bytes).toBeLessThanOrEqual(content.length);
      expect(shape.every((n) => Number.isSafeInteger(n) && n >= 0)).toBe(true);
    }
  };
}

/** Some bytes of a file replaced, and perhaps its end cut off. */
const damagedOf = (files: readonly Uint8Array[]) =>
  fc
    .tuple(
      fc.constantFrom(...files),
      fc.array(fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(0, 255))), {
        minLength: 1,
        maxLength: 6,
      }),
      fc.option(fc.nat(), { freq: 8 }),
    )
    .map(([file, edits, cut]) => {
      const bytes = Buffer.from(file);
      for (const [at, value] of edits) bytes[at % bytes.length] = value;
      return cut === null ? bytes : bytes.subarray(0, cut % bytes.length);
    });

const size = fc.oneof(
  fc.nat(8),
  fc.constantFrom(-1, 2 ** 31, 2 ** 32 - 1, 2 ** 52, Number.MAX_SAFE_INTEGER),
);
const storage = fc
  .tuple(
    fc.constantFrom('F32', 'F16', 'BF16', 'I64', 'DoubleStorage', 'QInt8Storage'),
    fc.constantFrom('0', '1', '2', '../0', ''),
    size,
  )
  .map(([dtype, key, elements]) => storageId(dtype, key, elements));
const tensor = fc
  .tuple(storage, fc.array(size, { maxLength: 3 }), size, fc.option(fc.array(size)))
  .map(([at, shape, offset, strides]) =>
    pickledTensor(at, shape, { offset, ...(strides && { strides }) }),
  );
const name = fc.oneof(fc.constantFrom('a', 'b', 'model', 'state_dict'), fc.string());
const { value } = fc.letrec<{ value: Buffer }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    tensor,
    fc.constantFrom(emptyDict, op('N'), op('\x88'), op('K\x05'), op('G12345678'), op(']')),
    size.map(integer),
    fc.string().map(text),
    fc.constantFrom(
      global('os', 'system'),
      global('torch', 'Size'),
      global('torch', 'device'),
      global('torch', 'float32'),
      global('torch._utils', '_rebuild_tensor_v3'),
      global('torch._utils', '_rebuild_parameter'),
    ),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => tuple(...items)),
    fc
      .array(fc.tuple(name.map(text), tie('value')), { maxLength: 4 })
      .map((items) => dictOf(...items)),
    fc
      .tuple(tie('value'), fc.array(tie('value'), { maxLength: 4 }), fc.constantFrom('R', 'b', 's'))
      .map(([callee, args, last]) => Buffer.concat([callee, tuple(...args), op(last)])),
    tie('value').map((id) => Buffer.concat([id, op('Q')])),
  ),
}));
/** Mostly opcodes that are known, with the bytes that they take. */
const opcodes = fc
  .array(
    fc.oneof(
      fc.constantFrom(...Array.from('(N\x88\x89)t\x85\x86\x87]ae}su\x94Rb0').map(op)),
      fc.nat(9).map((i) => Buffer.from([0x71, i])),
      fc.nat(9).map((i) => Buffer.from([0x68, i])),
      tensor,
      fc.string().map(text),
      fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes)),
    ),
    { maxLength: 40 },
  )
  .map((body) => Buffer.concat(body));
const pickle = fc.oneof(
  value,
  fc.array(fc.tuple(name.map(text), value), { maxLength: 4 }).map((items) => dictOf(...items)),
  opcodes,
);

const lies: fc.Arbitrary<ZipLies> = fc.record(
  {
    localName: fc.constantFrom('archive/data.pkl', 'x', ''),
    method: fc.constantFrom(0, 8, 99),
    bytes: fc.oneof(fc.nat(200), fc.constantFrom(0xffff_fffe, 0xffff_ffff)),
    at: fc.oneof(fc.nat(2000), fc.constantFrom(0xffff_fffe, 0xffff_ffff)),
  },
  { requiredKeys: [] },
);

describe('readPytorchHeader under fuzzing', { timeout: 60_000 + 100 * numRuns }, () => {
  it('stands damaged files of PyTorch', async () => {
    const read = reader();
    await fc.assert(fc.asyncProperty(damagedOf(REAL), read), { numRuns });
  });

  it('stands damaged archives, of 64 bits too', async () => {
    const read = reader();
    const weight = { dtype: 'F32', shape: [2], data: new Float32Array(2) };
    const files = [true, false].map((zip64) =>
      encodePytorch({ a: weight, b: weight }, { alignment: 1, zip64 }),
    );
    await fc.assert(fc.asyncProperty(damagedOf(files), read), { numRuns });
  });

  it('stands any program of a pickle', async () => {
    const read = reader();
    await fc.assert(
      fc.asyncProperty(pickle, (body) =>
        read(encodeZip(archiveEntries(program(body), [Buffer.alloc(32), Buffer.alloc(8)]))),
      ),
      { numRuns },
    );
  });

  it('stands archives that lie', async () => {
    const read = reader();
    const entries = archiveEntries(
      program(dictOf([text('w'), pickledTensor(storageId('F32', '0', 2), [2])])),
      [Buffer.alloc(8)],
    );
    const told = fc.record({
      zip64: fc.boolean(),
      alignment: fc.constantFrom(1, 64),
      lies: fc.dictionary(fc.constantFrom(...entries.map((entry) => entry.name)), lies),
    });
    const some = fc.array(fc.constantFrom(...entries), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.constant(entries), some), told, (chosen, options) =>
        read(encodeZip(chosen, options)),
      ),
      { numRuns },
    );
  });

  it('stands any bytes', async () => {
    const read = reader();
    const start = Buffer.from('PK\x03\x04', 'latin1');
    const bytes = fc.uint8Array({ maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(bytes, fc.boolean(), (rest, zip) =>
        read(zip ? Buffer.concat([start, rest]) : rest),
      ),
      { numRuns },
    );
  });

  it('gives back whatever is written', async () => {
    const path = join(tempFolder(), 'pytorch_model.bin');
    const shapes = fc.dictionary(
      fc.stringMatching(/^[a-z][a-z0-9._]{0,20}$/),
      fc.array(fc.nat(4), { maxLength: 4 }),
    );
    const plain = (key: string) => key !== 'position_ids' && !key.endsWith('.position_ids');
    await fc.assert(
      fc.asyncProperty(shapes, fc.boolean(), async (wanted, zip64) => {
        const tensors = Object.entries(wanted).map(([key, shape]) => {
          const data = new Float32Array(shape.reduce((product, n) => product * n, 1));
          return [key, { dtype: 'F32', shape, data }] as const;
        });
        writeFileSync(path, encodePytorch(Object.fromEntries(tensors), { zip64 }));
        const read = [...(await readPytorchHeader(path))].map(([key, ref]) => [key, ref.shape]);
        expect(read).toEqual(Object.entries(wanted).filter(([key]) => plain(key)));
      }),
      { numRuns },
    );
  });

  it('does not allocate what a lying size asks for', async () => {
    const path = join(tempFolder(), 'pytorch_model.bin');
    const entries = archiveEntries(program(op('N')), []);
    const at = { lies: { 'archive/data.pkl': { bytes: 2 ** 40 } }, zip64: true };
    writeFileSync(path, encodeZip(entries, at));
    const before = process.memoryUsage().arrayBuffers;
    await expect(readPytorchHeader(path)).rejects.toThrow(CheckpointError);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
  });
});
