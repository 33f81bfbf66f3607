import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTensorTable } from '../checkpoint/tensor-table.ts';
import { LLAVA_GQA, TINY_DRAFT, TINY_TARGET, tempFolder } from '../checkpoint/testing/folders.ts';
import type { TensorRef } from '../contracts/checkpoint.ts';
import { CheckpointError, NonFiniteWeightError } from '../contracts/errors.ts';
import { readSafetensorsHeader } from '../safetensors/safetensors.ts';
import { type StoredTensor, writeSafetensors } from '../safetensors/testing/write-safetensors.ts';
import { checkFinite, readFloats } from './read-tensor.ts';

const CHUNK = 4 << 20;

async function tableOf(tensors: Record<string, StoredTensor>) {
  const path = join(tempFolder(), 'model.safetensors');
  writeSafetensors(path, tensors);
  return readSafetensorsHeader(path);
}

async function floatsOf(dtype: string, data: ArrayBufferView, n: number): Promise<Float32Array> {
  return readFloats(refOf(await tableOf({ w: { dtype, shape: [n], data } }), 'w'));
}

function refOf(table: ReadonlyMap<string, TensorRef>, name: string): TensorRef {
  const ref = table.get(name);
  if (ref === undefined) throw new Error(`no tensor ${name}`);
  return ref;
}

describe('readFloats', () => {
  it('gives F32 bit for bit, over chunks and at odd places', async () => {
    const n = CHUNK / 4 + 3;
    const data = Float32Array.from({ length: n }, (_, i) => Math.fround(Math.sin(i)));
    const table = await tableOf({
      odd: { dtype: 'F16', shape: [1], data: new Uint16Array(1) },
      w: { dtype: 'F32', shape: [n], data },
    });
    const read = await readFloats(refOf(table, 'w'));
    expect(Buffer.from(read.buffer).equals(Buffer.from(data.buffer))).toBe(true);
  });

  it('widens BF16 by its bits', async () => {
    const bits = Uint16Array.from({ length: 0x10000 }, (_, i) => i);
    const read = new Uint32Array((await floatsOf('BF16', bits, bits.length)).buffer);
    expect(read.every((word, i) => word === ((bits[i] as number) << 16) >>> 0)).toBe(true);
  });

  it('widens landmark F16 values exactly', async () => {
    const bits = [0x0000, 0x8000, 0x0001, 0x03ff, 0x0400, 0x3555, 0x3c00, 0xc000, 0x7bff, 0xfc00];
    const values = [
      0,
      -0,
      2 ** -24,
      1023 * 2 ** -24,
      2 ** -14,
      1365 / 4096,
      1,
      -2,
      65504,
      -Infinity,
    ];
    const read = await floatsOf('F16', Uint16Array.from(bits), bits.length);
    expect([...read]).toEqual(values);
    expect(await floatsOf('F16', Uint16Array.of(0x7e00, 0xfc01), 2)).toEqual(
      Float32Array.of(Number.NaN, Number.NaN),
    );
  });

  it('widens F16 so that neighbours differ by one unit in the last place', async () => {
    const bits = Uint16Array.from({ length: 0x7c00 }, (_, i) => i);
    const read = await floatsOf('F16', bits, bits.length);
    for (let i = 0; i + 1 < read.length; i++) {
      const unit = 2 ** (Math.max(i >> 10, 1) - 25);
      expect((read[i + 1] as number) - (read[i] as number)).toBe(unit);
    }
  });

  it('reads a draft whose embedding table is a copy of the target’s', async () => {
    const draft = await readTensorTable(TINY_DRAFT);
    const target = await readTensorTable(TINY_TARGET);
    const copy = await readFloats(refOf(draft, 'embed_tokens.weight'));
    const own = await readFloats(refOf(target, 'language_model.model.embed_tokens.weight'));
    expect(Buffer.from(copy.buffer).equals(Buffer.from(own.buffer))).toBe(true);
  });

  it('names the tensor when the file has become shorter', async () => {
    const table = await tableOf({ w: { dtype: 'F32', shape: [4], data: new Float32Array(4) } });
    const ref = refOf(table, 'w');
    truncateSync(ref.path, ref.offset + 8);
    await expect(readFloats(ref)).rejects.toThrow('ends inside tensor w');
    await expect(readFloats(ref)).rejects.toBeInstanceOf(CheckpointError);
  });
});

describe('checkFinite', () => {
  it.each([TINY_TARGET, TINY_DRAFT, LLAVA_GQA])('passes %s', async (dir) => {
    await expect(checkFinite(await readTensorTable(dir))).resolves.toBeUndefined();
  });

  it.each<[string, 'F32' | 'F16' | 'BF16', number]>([
    ['NaN', 'F32', 0x7fc0_0000],
    ['a NaN of another make', 'F32', 0xff80_0001],
    ['infinity', 'F32', 0x7f80_0000],
    ['minus infinity', 'F32', 0xff80_0000],
    ['NaN', 'F16', 0x7e01],
    ['infinity', 'F16', 0x7c00],
    ['NaN', 'BF16', 0xffc0],
    ['minus infinity', 'BF16', 0xff80],
  ])('finds %s in %s wherever it is', async (_, dtype, bits) => {
    const length = CHUNK / (dtype === 'F32' ? 4 : 2) + 5;
    for (const at of [0, length - 6, length - 5, length - 1]) {
      const data = dtype === 'F32' ? new Uint32Array(length) : new Uint16Array(length);
      data[at] = bits;
      const table = await tableOf({
        fine: { dtype, shape: [1], data: data.slice(1, 2) },
        broken: { dtype, shape: [length], data },
      });
      const error: unknown = await checkFinite(table).catch((cause: unknown) => cause);
      expect(error, `at ${at}`).toBeInstanceOf(NonFiniteWeightError);
      expect(error).toMatchObject({ tensor: 'broken', path: refOf(table, 'broken').path });
    }
  });

  it.each(['F32', 'F16', 'BF16'])(
    'agrees with Number.isFinite on any bits of %s',
    async (dtype) => {
      const width = dtype === 'F32' ? 4 : 2;
      const half = fc.oneof(
        fc.nat(0xffff),
        fc.constantFrom(0x7c00, 0x7f80, 0xff80, 0x7bff, 0x7f7f),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(half, { minLength: 1, maxLength: 9 }), async (halves) => {
          const n = Math.max(1, Math.floor((2 * halves.length) / width));
          const data = new Uint8Array(n * width);
          data.set(new Uint8Array(Uint16Array.from(halves).buffer).subarray(0, data.length));
          const table = await tableOf({ w: { dtype, shape: [n], data } });
          const fine = await checkFinite(table).then(
            () => true,
            () => false,
          );
          expect(fine).toBe((await readFloats(refOf(table, 'w'))).every(Number.isFinite));
        }),
        { numRuns: 100 },
      );
    },
  );
});
