import { describe, expect, it } from 'vitest';
import type { Product } from '../../contracts/checkpoint.ts';
import { NonFiniteWeightError } from '../../contracts/errors.ts';
import { CONVERTED_PRECISIONS } from '../../contracts/load.ts';
import { packProducts } from '../../formats/pack-products.ts';
import { type ConversionPlan, planConversion } from '../../formats/plan-conversion.ts';
import { f32, stored } from '../../graph/testing/stored.ts';
import { packByThreads } from './pack-by-threads.ts';

/** Of several sizes, so that threads end in another order than they were asked in. */
const SIZES = [900, 40, 300, 10, 200, 64, 500, 33];
const INTO = 96;

async function productsOf(spoilt?: number): Promise<Product[]> {
  const numbers = (rows: number, seed: number) =>
    Float32Array.from({ length: rows * INTO }, (_, i) => Math.sin(i * 0.37 + seed));
  const matrices = SIZES.map((rows, seed) => f32([rows, INTO], numbers(rows, seed)));
  if (spoilt !== undefined) (matrices[spoilt]?.data as Float32Array)[700] = Number.NaN;
  const refs = await stored(Object.fromEntries(matrices.map((matrix, at) => [`m${at}`, matrix])));
  return Object.values(refs).map((ref) => ({ matrices: [ref] }));
}

async function listOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer[]> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(Buffer.from(piece));
  return all;
}

const planOf = async (kind: ConversionPlan['kind'], spoilt?: number) =>
  planConversion(kind, await productsOf(spoilt), 'converted', 'signed');

describe.each(CONVERTED_PRECISIONS)('products packed by threads in %s', (kind) => {
  it.each([2, 3, 16])(
    'are to the byte what one packs, each as a whole, with %i',
    async (threads) => {
      const plan = await planOf(kind);
      const together = await listOf(packByThreads(threads, 0)(plan));
      const alone = await listOf(packProducts(plan));
      expect(Buffer.concat(together).equals(Buffer.concat(alone))).toBe(true);
      expect(together, 'one packs a product in parts').toHaveLength(SIZES.length);
      expect(alone.length).toBeGreaterThan(SIZES.length);
    },
  );

  it('are packed here where a thread would not be worth its start, or is all there is', async () => {
    const plan = await planOf(kind);
    const alone = await listOf(packProducts(plan));
    expect(await listOf(packByThreads(2)(plan))).toEqual(alone);
    expect(await listOf(packByThreads(1, 0)(plan))).toEqual(alone);
  });

  it('are refused as by one thread where a number is not finite', async () => {
    const packed = listOf(packByThreads(2, 0)(await planOf(kind, 2)));
    await expect(packed).rejects.toThrow(NonFiniteWeightError);
  });

  it('may be given up at any product, and leave no thread behind', async () => {
    const before = process.getActiveResourcesInfo().length;
    for await (const _ of packByThreads(2, 0)(await planOf(kind))) break;
    expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before);
  });
});
