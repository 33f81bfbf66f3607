import { expect, it } from 'vitest';
import { sumsMayOverflow } from './sums-overflow.ts';

it('trusts 8-bit sums where the processor says that it has VNNI, or is no x64', async () => {
  const flags = (names: string) => async () => `model name : x\nflags\t\t: fpu ${names} sse\n`;
  expect(await sumsMayOverflow('x64', flags('avx512_vnni'))).toBe(false);
  expect(await sumsMayOverflow('x64', flags('avx_vnni'))).toBe(false);
  expect(await sumsMayOverflow('x64', flags('avx2 avx512f'))).toBe(true);
  expect(await sumsMayOverflow('x64', () => Promise.reject(new Error('no such file')))).toBe(true);
  expect(await sumsMayOverflow('arm64', flags(''))).toBe(false);
});
