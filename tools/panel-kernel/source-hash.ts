import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { repositoryPath } from '../../src/input/node/testing/read-goldens.ts';

export const KERNEL_SOURCE = repositoryPath('tools/panel-kernel/assembly/kernel.ts');

/** By which made code tells what it was made of. */
export const sourceHash = (): string =>
  createHash('sha256').update(readFileSync(KERNEL_SOURCE)).digest('hex');
