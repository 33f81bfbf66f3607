import { uniform } from '../decode/uniform.ts';
import { load } from '../load.ts';
import type { BenchWorld } from './bench.ts';
import { readMachine } from './machine.ts';

/** Draws of the same seed: a report's intervals are the same for the same measurements. */
export function seededDraws(seed: number): () => number {
  let draws = 0;
  return () => uniform(seed, draws++);
}

/** A bench on this machine. */
export function benchWorld(told: Pick<BenchWorld, 'signal' | 'onPair' | 'say'>): BenchWorld {
  return {
    ...{ load, machine: readMachine(), random: seededDraws(0) },
    residentBytes: () => process.memoryUsage().rss,
    // Only some benches read words or open others in this thread.
    openPromptIds: async (load) => (await import('./rivals/prompt-ids.ts')).openPromptIds(load),
    openRivals: async (...asked) => (await import('./rivals/open-rivals.ts')).openRivals(...asked),
    ...told,
  };
}
