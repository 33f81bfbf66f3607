import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { tempFolder } from '../checkpoint/testing/folders.ts';
import { writeSafetensors } from '../safetensors/testing/write-safetensors.ts';

const LOOP = fileURLToPath(new URL('./testing/dispose-loop.ts', import.meta.url));
const WIDTH = 4096;
const FP32_BYTES = 4 * WIDTH * WIDTH; // 64 MiB

/** Resident memory after each of 15 sessions over one weight that is made, run and disposed. */
function residentAfterEach(dtype: string, data: ArrayBufferView): number[] {
  const path = join(tempFolder(), 'big.safetensors');
  writeSafetensors(path, { w: { dtype, shape: [WIDTH, WIDTH], data } });
  const printed = execFileSync(process.execPath, ['--import', 'tsx', LOOP, path, '15']);
  return JSON.parse(printed.toString());
}

it.each([
  ['F32, mapped', 'F32', () => new Float32Array(WIDTH * WIDTH).fill(0.5)],
  ['BF16, widened in memory', 'BF16', () => new Uint16Array(WIDTH * WIDTH).fill(0x3f00)],
])('dispose gives a weight’s memory back: %s', (_, dtype, data) => {
  const resident = residentAfterEach(dtype, data());
  expect(resident).toHaveLength(15);
  const growth = (resident.at(-1) as number) - (resident[0] as number);
  expect(growth).toBeLessThan(FP32_BYTES);
});
