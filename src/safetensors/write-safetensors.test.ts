import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../checkpoint/testing/folders.ts';
import { readFloats } from '../formats/read-tensor.ts';
import { readSafetensorsHeader } from './safetensors.ts';
import { encodeSafetensors, type StoredTensor, writeSafetensors } from './write-safetensors.ts';

const RUNS = Number(process.env.MSD_FUZZ ?? 100);
const f32 = (name: string, shape: number[], bits: Iterable<number>): StoredTensor => {
  const data = new Float32Array(Uint32Array.from(bits).buffer);
  return { name, shape, dtype: 'F32', data };
};

const anyBits = fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { maxLength: 9 });
const anyTensor = fc.record({
  name: fc.stringMatching(/^[a-zé_.0-9]{1,12}$/),
  bits: anyBits,
  half: fc.boolean(),
});
const anyTensors = fc
  .uniqueArray(anyTensor, { selector: ({ name }) => name, maxLength: 6 })
  .map((given) =>
    given.map(({ name, bits, half }): StoredTensor => {
      const shape = [bits.length, 1];
      if (!half) return f32(name, shape, bits);
      return { name, shape, dtype: 'F16', data: Uint16Array.from(bits) };
    }),
  );

const bytesOf = ({ data }: StoredTensor) =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength);

describe('a safetensors file', () => {
  it('holds the bits of every tensor, aligned', async () => {
    const path = join(tempFolder(), 'any.safetensors');
    await fc.assert(
      fc.asyncProperty(anyTensors, async (tensors) => {
        await writeSafetensors(path, tensors, { format: 'pt' });
        const table = await readSafetensorsHeader(path);
        const file = readFileSync(path);
        expect([...table.keys()].sort()).toEqual(tensors.map(({ name }) => name).sort());
        for (const tensor of tensors) {
          const ref = table.get(tensor.name);
          expect(ref).toMatchObject({ dtype: tensor.dtype, shape: tensor.shape });
          const { offset, bytes } = ref as { offset: number; bytes: number };
          expect(offset % tensor.data.BYTES_PER_ELEMENT).toBe(0);
          expect(file.subarray(offset, offset + bytes).equals(bytesOf(tensor))).toBe(true);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('is the same whatever the order of tensors and metadata', () => {
    fc.assert(
      fc.property(anyTensors, (tensors) => {
        const one = encodeSafetensors(tensors, { a: '1', b: '2' });
        const other = encodeSafetensors(tensors.toReversed(), { b: '2', a: '1' });
        expect(Buffer.from(one).equals(other)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  it('keeps NaN payloads and the sign of zero through our reader', async () => {
    const path = join(tempFolder(), 'odd.safetensors');
    const bits = [0x8000_0000, 0x7fc0_1234, 0xff80_0001, 0x7f80_0000, 1];
    await writeSafetensors(path, [f32('odd', [5], bits)]);
    const ref = (await readSafetensorsHeader(path)).get('odd');
    const floats = await readFloats(ref as NonNullable<typeof ref>);
    expect([...new Uint32Array(floats.buffer)]).toEqual(bits);
  });

  it('is byte for byte what the published writer makes', () => {
    const published =
      '{"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F16","shape":[1],"data_offsets":[8,10]}}';
    const file = Buffer.from(
      encodeSafetensors(
        [
          { name: 'a', shape: [1], dtype: 'F16', data: Uint16Array.of(0x3c00) },
          { name: 'b', shape: [2], dtype: 'F32', data: Float32Array.of(1, -2) },
        ],
        { format: 'pt' },
      ),
    );
    const length = Number(file.readBigUInt64LE());
    expect(length % 8).toBe(0);
    expect(
      file
        .subarray(8, 8 + length)
        .toString()
        .trimEnd(),
    ).toBe(published);
    expect(file.subarray(8 + length).toString('hex')).toBe('0000803f000000c0003c');
  });

  it.each([
    ['a name that stands twice', [f32('w', [1], [0]), f32('w', [1], [0])]],
    ['a shape that does not fit', [f32('w', [3], [0])]],
    ['the name of the metadata', [f32('__metadata__', [1], [0])]],
  ])('is not made of %s', (_, tensors) => {
    expect(() => encodeSafetensors(tensors)).toThrow(RangeError);
  });
});
