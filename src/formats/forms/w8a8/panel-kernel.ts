/**
 * Rows of a matrix widened, turned, rounded and put into a panel, in WebAssembly: a model has a hundred million numbers and
 * more, for which JavaScript takes several times as long. Compiled from `tools/panel-kernel/assembly/kernel.ts`.
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

/** Every runtime has it; the types of the language and of Node don't. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** One for all kernels, so that none is compiled again. */
const MODULE = new WebAssembly.Module(
  Uint8Array.from(atob(PANEL_KERNEL), (byte) => byte.charCodeAt(0)),
);

type Widen = (from: number, to: number, count: number) => void;

/** What the compiled code exports; places are bytes of its memory. */
interface Code {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly widenF16: Widen;
  readonly widenQ40: Widen;
  readonly widenQ41: Widen;
  readonly widenQ80: Widen;
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
  const code = new WebAssembly.Instance(MODULE).exports as Code;
  const reserve = reserveFrom(ALIGNED);
  const signsAt = reserve(SIGNS.byteLength);
  const turns = new Map(runs.map((run) => [run, reserveTurn(run, reserve)]));
  const longest = Math.max(into, ...runs);
  const oldAt = reserve(longest * F32);
  const sideAt = reserve(longest * F32);
  const storedAt = reserve(count * rowBytes);
  const rowsAt = reserve(count * into * F32);
  const columnsAt = reserve(count * into * F32);
  const wholeAt = reserve(count * into);
  const padAt = reserve(PAD);
  const panelAt = reserve(into * columns);
  code.memory.grow(Math.ceil((reserve(0) - code.memory.buffer.byteLength) / PAGE));
  const { buffer } = code.memory;
  new Float32Array(buffer, signsAt, SIGNS.length).set(SIGNS);
  for (const { shares, sharesAt } of turns.values()) {
    new Float64Array(buffer, sharesAt, shares.length).set(shares);
  }
  const stored = new Uint8Array(buffer, storedAt, count * rowBytes);
  const rows = new Float32Array(buffer, rowsAt, count * into);
  const panel = new Uint8Array(buffer, panelAt, into * columns);
  const wideners: Partial<Record<StoredDtype, Widen>> = {
    F16: code.widenF16,
    Q4_0: code.widenQ40,
    Q4_1: code.widenQ41,
    Q8_0: code.widenQ80,
  };

  /** Numbers in one row or in several, every run of them. */
  const turnRuns = (at: number, length: number, run: number) => {
    const turn = turns.get(run);
    if (turn === undefined) throw new RangeError(`No turn of ${run} channels was asked for.`);
    const { width, blocks, parts, sharesAt } = turn;
    if (width > 1) {
      code.sign(at, length, width, signsAt);
      code.hadamard(at, length, width, 1, 1 / Math.sqrt(width));
    }
    if (blocks === 1) return;
    const size = (blocks / parts) * width;
    code.hadamard(at, length, size, width, 1);
    if (size === 1) {
      const chunks = length / parts; // of single numbers: those of many chunks side by side
      code.transpose(at, sideAt, chunks, parts);
      code.mix(sideAt, oldAt, parts, chunks, sharesAt);
      code.transpose(sideAt, at, parts, chunks);
      return;
    }
    for (let chunk = at; chunk < at + length * F32; chunk += parts * size * F32) {
      code.mix(chunk, oldAt, parts, size, sharesAt);
    }
  };
  return {
    stored,
    rows,
    panel,
    widen(n, dtype) {
      const length = n * into;
      const widen = wideners[dtype];
      if (widen) widen(storedAt, rowsAt, length);
      else {
        const bytes = stored.subarray(0, storedBytes(dtype, length));
        STORED_TYPES[dtype].widen(bytes, rows.subarray(0, length));
      }
    },
    turn(n, run) {
      // One row after the other, since one fits the cache.
      for (let row = 0; row < n; row++) turnRuns(rowsAt + row * into * F32, into, run);
    },
    turnAcross(run) {
      code.transpose(rowsAt, columnsAt, run, into);
      for (let column = 0; column < into; column++) {
        turnRuns(columnsAt + column * run * F32, run, run);
      }
      code.transpose(columnsAt, rowsAt, into, run);
    },
    quantise(steps) {
      for (let row = 0; row < steps.length; row++) {
        const step = code.quantise(rowsAt + row * into * F32, into, wholeAt + row * into, MOST);
        steps[row] = step;
      }
    },
    put(row, n, first) {
      code.put(wholeAt + row * into, n, into, panelAt, columns, first, zero, padAt);
    },
    clearFrom(first) {
      for (let at = 0; at < panel.length; at += columns) panel.fill(zero, at + first, at + columns);
    },
  };
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

function reserveTurn(run: number, reserve: Reserve) {
  const turn = turnOf(run);
  const mixing = mixingOf(turn.blocks);
  return { ...turn, ...mixing, sharesAt: reserve(mixing.shares.byteLength) };
}
