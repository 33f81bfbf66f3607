import { relative } from 'node:path';
import { readGoldens, repositoryPath } from '../../src/input/node/testing/read-goldens.ts';

/** The tensors of any safetensors file by name. */
export const goldensOf = (path: string) => readGoldens(relative(repositoryPath(''), path));
