/**
 * A process of its own: trains without end, and prints the step of each checkpoint, in the folder given.
 */

import { trainToy } from './toy-training.ts';

await trainToy(String(process.argv[2]), Number.POSITIVE_INFINITY, 3, (step) =>
  process.stdout.write(`${step}\n`),
);
