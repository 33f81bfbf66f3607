/**
 * Rows of a matrix widened, turned, rounded and put into a panel, in WebAssembly: a model has a hundred million numbers and more, for
 * which JavaScript takes several times as long. Made from `tools/panel-kernel/assembly/kernel.ts`.
 */
import type { StoredDtype } from '../../../contracts/checkpoint.ts';
import { STORED_TYPES, storedBytes } from '../stored/stored-types.ts';
import { PANEL_KERNEL } from './panel-kernel-code.ts';
import { MOST } from './panel-layout.ts';
import { mixingOf, SIGNS, turnOf } from './turn-rows.ts';

const PAGE = 1 << 16;
const F32 = Float32Array.BYTES_PER_ELEMENT;
/** What columns take beside them while they are put into a panel. */
const PAD = 512;
/** A multiple of every number's bytes. */
const ALIGNED = 16;

/** Compiled once: what runs often is compiled better while it runs. */
const { Instance, Module } = (globalThis as unknown as WithWebAssembly).WebAssembly;
const MODULE = new Module(Uint8Array.from(atob(PANEL_KERNEL), (byte) => byte.charCodeAt(0)));

/** What the compiled code exports; places are bytes of its memory. */
interface Code {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  widenF16(from: number, to: number, count: number): void;
  widenQ40(from: number, to: number, count: number): void;
  widenQ41(from: number, to: number, count: number): void;
  widenQ80(from: number, to: number, count: number): void;
  sign(at: number, count: number, width: number, signs: number): void;
  hadamard(at: number, count: number, size: number, stride: number, scale: number): void;
  mix(at: number, old: number, parts: number, size: number, shares: number): void;
  transpose(from: number, to: number, rows: number, columns: number): void;
  quantise(row: number, count: number, whole: number, most: number): number;
  put(
    rows: number,
    count: number,
    into: number,
    panel: number,
    columns: number,
    first: number,
    zero: number,
    pad: number,
  ): void;
}

/** Every runtime has it; the types of the language and of Node don't. */
interface WithWebAssembly {
  readonly WebAssembly: {
    readonly Module: new (code: Uint8Array) => object;
    readonly Instance: new (module: object) => { readonly exports: unknown };
  };
}

/** What a kernel is opened for. */
export interface PanelShape {
  /** Rows that are worked on together, at most. */
  readonly count: number;
  readonly into: number;
  /** Of a row as it is stored, at most. */
  readonly rowBytes: number;
  /** Of a panel. */
  readonly columns: number;
  /** What zero is in a panel: 128 where numbers are counted from there. */
  readonly zero: 0 | 128;
  /** Runs of channels that are to be turned. */
  readonly runs: readonly number[];
}

export interface PanelKernel {
  /** Rows as they are stored [count · bytes of a row], to be written by whoever has some. */
  readonly stored: Uint8Array;
  /** The rows that are worked on [count · in]. */
  readonly rows: Float32Array;
  /** The panel's bytes [in · columns]. */
  readonly panel: Uint8Array;
  /** Widens the first stored rows without loss. */
  widen(count: number, dtype: StoredDtype): void;
  /** Turns the first rows, every run of so many channels by itself. */
  turn(count: number, run: number): void;
  /** Turns the columns of the first rows, as many as the run has: so outputs leave a product turned. */
  turnAcross(run: number): void;
  /**
   * Rounds the first rows to whole numbers.
   * @param steps what one of each row's is worth [count]; NaN of a row with a number that is not finite
   */
  quantise(steps: Float32Array): void;
  /** Puts the whole numbers of rows from `row` on into the panel's columns from `first` on. */
  put(row: number, count: number, first: number): void;
  /** Zeros in the panel's columns from `first` on. */
  clearFrom(first: number): void;
}

export function openPanelKernel(shape: PanelShape): PanelKernel {
  const { count, into, rowBytes, columns, zero, runs } = shape;
  const code = new Instance(MODULE).exports as Code;
  const reserve = reserveFrom(ALIGNED);
  const signs = reserve(SIGNS.byteLength);
  const longest = Math.max(into, ...runs);
  const old = reserve(longest * F32);
  const mixed = reserve(longest * F32);
  const mixers = new Map(runs.map((run) => [run, reserveMixer(run, reserve)]));
  const stored = reserve(count * rowBytes);
  const rows = reserve(count * into * F32);
  const columnsOfRows = reserve(count * into * F32);
  const whole = reserve(count * into);
  const pad = reserve(PAD);
  const panel = reserve(into * columns);
  code.memory.grow(Math.ceil((reserve(0) - code.memory.buffer.byteLength) / PAGE));
  const { buffer } = code.memory;
  new Float32Array(buffer, signs, SIGNS.length).set(SIGNS);
  for (const { shares, mixing } of mixers.values()) {
    new Float64Array(buffer, shares, mixing.shares.length).set(mixing.shares);
  }

  const turnRuns = (at: number, length: number, run: number) => {
    const { width, blocks } = turnOf(run);
    if (width > 1) {
      code.sign(at, length, width, signs);
      code.hadamard(at, length, width, 1, 1 / Math.sqrt(width));
    }
    const mixer = mixers.get(run);
    if (blocks === 1 || mixer === undefined) return;
    const { shares, mixing } = mixer;
    const { parts } = mixing;
    const size = (blocks / parts) * width;
    code.hadamard(at, length, size, width, 1);
    if (size === 1) {
      // Single numbers of many chunks, side by side.
      const chunks = length / parts;
      code.transpose(at, mixed, chunks, parts);
      code.mix(mixed, old, parts, chunks, shares);
      code.transpose(mixed, at, parts, chunks);
      return;
    }
    for (let chunk = at; chunk < at + length * F32; chunk += parts * size * F32) {
      code.mix(chunk, old, parts, size, shares);
    }
  };
  const kernel: PanelKernel = {
    stored: new Uint8Array(buffer, stored, count * rowBytes),
    rows: new Float32Array(buffer, rows, count * into),
    panel: new Uint8Array(buffer, panel, into * columns),
    widen(n, dtype) {
      const length = n * into;
      if (dtype === 'F16') code.widenF16(stored, rows, length);
      else if (dtype === 'Q4_0') code.widenQ40(stored, rows, length);
      else if (dtype === 'Q4_1') code.widenQ41(stored, rows, length);
      else if (dtype === 'Q8_0') code.widenQ80(stored, rows, length);
      else {
        const bytes = kernel.stored.subarray(0, storedBytes(dtype, length));
        STORED_TYPES[dtype].widen(bytes, kernel.rows.subarray(0, length));
      }
    },
    turn(n, run) {
      for (let row = 0; row < n; row++) turnRuns(rows + row * into * F32, into, run); // each in the cache
    },
    turnAcross(run) {
      code.transpose(rows, columnsOfRows, run, into);
      for (let column = 0; column < into; column++) {
        turnRuns(columnsOfRows + column * run * F32, run, run);
      }
      code.transpose(columnsOfRows, rows, into, run);
    },
    quantise(steps) {
      for (let row = 0; row < steps.length; row++) {
        steps[row] = code.quantise(rows + row * into * F32, into, whole + row * into, MOST);
      }
    },
    put(row, n, first) {
      code.put(whole + row * into, n, into, panel, columns, first, zero, pad);
    },
    clearFrom(first) {
      for (let end = columns; end <= kernel.panel.length; end += columns) {
        kernel.panel.fill(zero, end - columns + first, end);
      }
    },
  };
  return kernel;
}

/** Bytes of memory that follow each other. */
type Reserve = (bytes: number) => number;

function reserveFrom(first: number): Reserve {
  let end = first;
  return (bytes) => {
    const at = end;
    end += Math.ceil(bytes / ALIGNED) * ALIGNED;
    return at;
  };
}

function reserveMixer(run: number, reserve: Reserve) {
  const mixing = mixingOf(turnOf(run).blocks);
  return { mixing, shares: reserve(mixing.shares.byteLength) };
}
