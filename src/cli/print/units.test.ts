import { expect, it } from 'vitest';
import { byteSize, duration } from './units.ts';

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [7680, '7.5 KiB'],
  [1024 ** 3, '1.0 GiB'],
  [5 * 1024 ** 5, '5120.0 TiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(byteSize(bytes)).toBe(text);
});

it.each([
  [0, '0.0 ms'],
  [12.34, '12.3 ms'],
  [1234.5, '1235 ms'],
  [12_345, '12.3 s'],
])('%d ms are %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});
