import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../checkpoint/testing/folders.ts';
import { readCheckpoint, type TrainingState, writeCheckpoint } from './checkpoint.ts';
import { openCheckpoints } from './checkpoints.ts';
import { REAL_DISK } from './disk.ts';
import { stateAt } from './testing/run-fixtures.ts';

const RUNS = Number(process.env.MSD_FUZZ ?? 50);
const owner = { run: 'a', runs: new Set(['a']) };
const open = (dir: string) =>
  openCheckpoints(dir, owner, REAL_DISK, (message) => {
    throw new Error(message);
  });

const tensor = fc
  .array(fc.integer({ min: 0, max: 0xffff_ffff }), { maxLength: 20 })
  .map((bits) => ({
    shape: [bits.length],
    data: new Float32Array(Uint32Array.from([...bits, 0x7fc0_1234, 0x8000_0000]).buffer).subarray(
      0,
      bits.length,
    ),
  }));
const anyState: fc.Arbitrary<TrainingState> = fc
  .record({
    step: fc.nat(2_000_000),
    tensors: fc.dictionary(fc.stringMatching(/^[a-z. 0-9]{1,9}$/), tensor, { maxKeys: 5 }),
    counters: fc.dictionary(
      fc.string({ maxLength: 9 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
    ),
    validationLoss: fc.option(fc.float({ min: 0, max: 9, noNaN: true }), { nil: undefined }),
    tokensPerPass: fc.option(fc.float({ min: 1, max: 9, noNaN: true }), { nil: undefined }),
  })
  .map(({ tensors, validationLoss, tokensPerPass, ...rest }) => ({
    ...rest,
    tensors: new Map(Object.entries(tensors)),
    ...(validationLoss === undefined ? {} : { validationLoss }),
    ...(tokensPerPass === undefined ? {} : { tokensPerPass }),
  }));

const bitsOf = (data: Float32Array) => [
  ...new Uint32Array(data.buffer, data.byteOffset, data.length),
];

describe('a checkpoint', () => {
  it('gives back the state, every bit of its tensors', async () => {
    const path = join(tempFolder(), 'step-000001');
    await fc.assert(
      fc.asyncProperty(anyState, async (state) => {
        await writeCheckpoint(path, state, 'a', REAL_DISK, undefined);
        const { tensors, ...rest } = await readCheckpoint(path);
        const { tensors: given, ...restGiven } = state;
        expect(rest).toEqual(restGiven);
        expect([...tensors.keys()].sort()).toEqual([...given.keys()].sort());
        for (const [name, { shape, data }] of tensors) {
          expect(shape).toEqual(given.get(name)?.shape);
          expect(bitsOf(data)).toEqual(bitsOf(given.get(name)?.data ?? new Float32Array(0)));
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('keeps NaN payloads and the sign of zero', async () => {
    const path = join(tempFolder(), 'step-000001');
    const bits = [0x7fc0_1234, 0xff80_0001, 0x8000_0000, 0x7f80_0000];
    const data = new Float32Array(Uint32Array.from(bits).buffer);
    const tensors = new Map([['odd', { shape: [2, 2], data }]]);
    await writeCheckpoint(path, { step: 1, tensors, counters: {} }, 'a', REAL_DISK, undefined);
    const back = (await readCheckpoint(path)).tensors.get('odd');
    expect(bitsOf(back?.data ?? new Float32Array(0))).toEqual(bits);
  });

  it('is not made of a counter that JSON can not hold', async () => {
    const dir = tempFolder();
    const state = { ...stateAt(1), counters: { drawn: Number.NaN } };
    const writing = writeCheckpoint(join(dir, 'step-000001'), state, 'a', REAL_DISK, undefined);
    await expect(writing).rejects.toThrow();
    expect(readdirSync(dir)).toEqual([]);
  });
});

describe('the checkpoints of a run', () => {
  it('are the last two and the best', async () => {
    const dir = join(tempFolder(), 'checkpoints');
    const checkpoints = await open(dir);
    const losses = [0.9, 0.4, undefined, 0.6, 0.4, 0.5];
    const kept: string[][] = [];
    for (const [index, loss] of losses.entries()) {
      await checkpoints.save(stateAt(index + 1, loss));
      kept.push(readdirSync(dir).map((name) => name.replace('step-00000', '')));
    }
    expect(kept).toEqual([
      ['1'],
      ['1', '2'],
      ['2', '3'],
      ['2', '3', '4'],
      ['2', '4', '5'],
      ['2', '5', '6'],
    ]);
    const best = { path: join(dir, 'step-000002'), step: 2, validationLoss: 0.4 };
    expect(checkpoints.best).toEqual(best);
    expect(checkpoints.last?.step).toBe(6);
    const again = await open(dir);
    expect(again.best).toEqual(best);
    expect(again.resumeFrom).toEqual(stateAt(6, 0.5));
  });

  it('are judged by tokens per pass where these were counted', async () => {
    const checkpoints = await open(join(tempFolder(), 'checkpoints'));
    const counts = [2, 3, 3, undefined];
    for (const [index, tokensPerPass] of counts.entries()) {
      const state = stateAt(index + 1, 1 - index / 10);
      await checkpoints.save({ ...state, ...(tokensPerPass !== undefined && { tokensPerPass }) });
    }
    expect(checkpoints.best?.step, 'of two equal ones that with the lesser loss').toBe(3);
  });

  it('rise in steps', async () => {
    const dir = join(tempFolder(), 'checkpoints');
    await (await open(dir)).save(stateAt(1_000_000));
    const again = await open(dir);
    await expect(again.save(stateAt(1_000_000))).rejects.toThrow(RangeError);
    await expect(again.save(stateAt(999_999))).rejects.toThrow(RangeError);
    await again.save(stateAt(1_000_001));
    expect((await open(dir)).resumeFrom?.step).toBe(1_000_001);
  });
});
