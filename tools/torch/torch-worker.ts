import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

const WORKER = fileURLToPath(new URL('worker.py', import.meta.url));

const opened = z.object({ torch: z.string(), threads: z.int() });
const stepped = z.object({
  ms: z.number(),
  /** Of all threads. */
  cpuMs: z.number(),
  loss: z.number(),
  norm: z.number(),
});
/** What a step took and gave, on either side. */
export type Taken = z.infer<typeof stepped>;

/** How PyTorch computes what it can compute in several ways. */
export interface TorchWays {
  readonly attention: 'sdpa' | 'eager';
  readonly update: 'fused' | 'foreach';
}

export interface TorchLearner extends TorchWays {
  readonly name: string;
  readonly kind: 'draft' | 'block' | 'target';
  readonly sizes: object;
  /** File of `writeTensorFile`. */
  readonly weights: string;
  readonly frozen: readonly string[];
  readonly optimiser: object;
}

/**
 * What PyTorch's idle threads do between two operators: spin for a while, as is the default and best where nothing else
 * runs, or sleep, which is far better where the cores are shared.
 */
export const WAITS = ['spinning', 'sleeping'] as const;
type Wait = (typeof WAITS)[number];

/** A process of PyTorch that stays alive and takes steps on request. */
export interface TorchWorker {
  readonly version: string;
  readonly wait: Wait;
  open(learner: TorchLearner): Promise<void>;
  /** Groups of a batch: files of `writeTensorFile`. */
  load(batch: string, groups: readonly string[]): Promise<void>;
  step(name: string, batch: string, rate: number): Promise<Taken>;
  /** The largest difference between a learner's weights and those of a file of `writeTensorFile`. */
  apart(name: string, weights: string): Promise<number>;
  close(): Promise<void>;
}

export async function startTorch(
  python: string,
  threads: number,
  wait: Wait,
): Promise<TorchWorker> {
  const child = spawn(python, [WORKER, String(threads)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...(wait === 'sleeping' && { OMP_WAIT_POLICY: 'passive' }) },
  });
  const exit = once(child, 'exit');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const answer = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('PyTorch ended; its message stands above.');
    return JSON.parse(value);
  };
  const ask = (request: object) => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    return answer();
  };
  const { torch: version } = opened.parse(await answer());
  return {
    version,
    wait,
    open: async (learner) => void (await ask({ do: 'open', ...learner })),
    load: async (batch, groups) => void (await ask({ do: 'load', batch, groups })),
    step: async (name, batch, rate) => stepped.parse(await ask({ do: 'step', name, batch, rate })),
    apart: async (name, weights) => {
      const answered = await ask({ do: 'apart', name, weights });
      return z.object({ apart: z.number() }).parse(answered).apart;
    },
    async close() {
      child.stdin.end();
      await exit;
    },
  };
}
