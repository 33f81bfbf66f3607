import { uniform } from '../decode/uniform.ts';
import { load } from '../load.ts';
import type { BenchWorld } from './bench.ts';
import { readMachine } from './machine.ts';
import { openRivals } from './rivals/open-rivals.ts';
import { openPromptIds } from './rivals/prompt-ids.ts';

/** Draws of the same seed: a report's intervals are the same for the same measurements. */
export function seededDraws(seed: number): () => number {
  let draws = 0;
  return () => uniform(seed, draws++);
}

/** A bench on this machine. */
export function benchWorld(told: Pick<BenchWorld, 'signal' | 'onPair' | 'say'>): BenchWorld {
  return {
    ...{ load, machine: readMachine(), random: seededDraws(0) },
    ...{ openPromptIds, openRivals, residentBytes: () => process.memoryUsage().rss },
    ...told,
  };
}
