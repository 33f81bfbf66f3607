/** What the kernel does to rows, number by number: its judge. */
import { MOST } from '../panel-layout.ts';
import { mixingOf, SIGNS, turnOf } from '../turn-rows.ts';

/** A row turned, every run of so many channels by itself. */
export function turnedRow(row: Float32Array, run = row.length): Float32Array {
  const { width, blocks } = turnOf(run);
  const own = row.slice();
  for (let first = 0; width > 1 && first < own.length; first += width) {
    const block = own.subarray(first, first + width);
    for (const [i, x] of block.entries()) block[i] = x * (SIGNS[i] as number);
    hadamard(block, 1);
    for (const [i, x] of block.entries()) block[i] = x * (1 / Math.sqrt(width));
  }
  const chunk = blocks * width;
  for (let first = 0; blocks > 1 && first < own.length; first += chunk) {
    mix(own.subarray(first, first + chunk), blocks, width);
  }
  return own;
}

/** Sums and differences, each rounded, of neighbours that are `stride` and more apart. */
function hadamard(numbers: Float32Array, stride: number): void {
  for (let half = stride; half < numbers.length; half *= 2) {
    for (const [i, a] of numbers.slice().entries()) {
      if (i & half) continue;
      const b = numbers[i + half] as number;
      numbers[i] = a + b;
      numbers[i + half] = a - b;
    }
  }
}

function mix(numbers: Float32Array, blocks: number, width: number): void {
  const { parts, shares } = mixingOf(blocks);
  const size = (blocks / parts) * width;
  for (let part = 0; part < parts; part++) {
    hadamard(numbers.subarray(part * size, (part + 1) * size), width);
  }
  const old = numbers.slice();
  for (const at of numbers.keys()) {
    const to = Math.floor(at / size);
    let sum = 0;
    for (let from = 0; from < parts; from++) {
      const share = shares[to * parts + from] as number;
      sum = Math.fround(sum + share * (old[from * size + (at % size)] as number));
    }
    numbers[at] = sum;
  }
}

/** A row's whole numbers, and what one of them is worth. */
export function wholeRow(row: Float32Array): { whole: number[]; step: number } {
  const largest = Math.max(0, ...row.map(Math.abs));
  const perStep = largest === 0 ? 0 : MOST / largest;
  const whole = Array.from(row, (x) => Math.floor(x * perStep + MOST + 0.5) - MOST);
  return { whole, step: Math.fround(largest / MOST) };
}
