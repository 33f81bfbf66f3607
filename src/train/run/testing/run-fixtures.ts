import { appendFile, open } from 'node:fs/promises';
import type { TrainingState } from '../checkpoint.ts';
import type { Disk } from '../disk.ts';
import type { RunOptions } from '../open-run.ts';
import type { Provenance } from '../provenance.ts';
import type { StepRecord, ValidationRecord } from '../records.ts';

export const PROVENANCE: Provenance = {
  config: { checkpointEvery: 3, optimiser: { rate: 1e-3 }, files: ['a.json'] },
  data: { 'a.json': 'c0ffee' },
  seed: 1,
  versions: { msd: '0.1.0', node: '20.20.0', onnxruntime: '1.30.0' },
  machine: { cpu: 'any', cores: 2, platform: 'linux x64', threads: 2 },
  command: 'msd train draft',
  started: '2026-01-01T00:00:00.000Z',
};

export const options = (given: Partial<RunOptions> = {}): RunOptions => ({
  mayChange: ['config.checkpointEvery'],
  onWarning: (message) => {
    throw new Error(`unexpected warning: ${message}`);
  },
  ...given,
});

export const stepRecord = (step: number, seconds = 0): StepRecord => ({
  kind: 'step',
  step,
  learningRate: 1e-3,
  loss: 1 / step,
  tokenLoss: 0.5,
  gradNorm: 0.1,
  scheduledShare: 0,
  multimodalShare: 0,
  replyTokens: 10,
  rows: 20,
  seconds,
});

export const validationRecord = (step: number, loss: number): ValidationRecord => ({
  kind: 'validation',
  step,
  seconds: 0,
  all: { dialogues: 1, loss, tokenLoss: loss },
});

export function stateAt(step: number, validationLoss?: number): TrainingState {
  const data = Float32Array.of(step, step / 3);
  return {
    step,
    tensors: new Map([['w', { shape: [2], data }]]),
    counters: { drawn: step * 7 },
    ...(validationLoss === undefined ? {} : { validationLoss }),
  };
}

/** A disk with room for so many bytes: what does not fit is cut in the middle, as real disks do. */
export function smallDisk(room: number): Disk {
  let left = room;
  const full = () => Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  const fitting = (piece: Uint8Array) => {
    const part = piece.subarray(0, left);
    left -= part.length;
    return part;
  };
  return {
    async create(path, content) {
      const file = await open(path, 'wx');
      try {
        for (const piece of content) {
          const part = fitting(piece);
          await file.writeFile(part);
          if (part.length < piece.length) throw full();
        }
      } finally {
        await file.close();
      }
    },
    async append(path, text) {
      const bytes = Buffer.from(text);
      const part = fitting(bytes);
      await appendFile(path, part);
      if (part.length < bytes.length) throw full();
    },
  };
}
