import { join } from 'node:path';
import { OptionError } from '../../contracts/errors.ts';
import { cacheFolder } from '../../engine/node/cache-folder.ts';
import { packageFile } from '../../files/package-file.ts';
import type { LlamaOpening } from './llama-cpp-child.ts';
import { installLlama } from './llama-module.ts';
import { openPython } from './open-python.ts';
import type { RivalOpening } from './rival.ts';
import { openRivalProcess, type RivalProcess } from './rival-process.ts';

/** Engines that can be measured beside this one; what they need is installed when they are first asked for. */
export const RIVALS = ['llama.cpp', 'hf'] as const;
export type RivalName = (typeof RIVALS)[number];

export interface RivalFiles {
  /** The model in Hugging Face's layout. */
  readonly folder: string;
  /** The same model for llama.cpp. */
  readonly gguf?: string;
}

/**
 * Opens rivals one after the other, each in a process of its own.
 * @param say told what is installed
 * @throws OptionError, ProgramError
 */
export async function openRivals(
  names: readonly RivalName[],
  files: RivalFiles,
  opening: RivalOpening,
  say: (line: string) => void,
): Promise<RivalProcess[]> {
  const open = { 'llama.cpp': openLlamaCpp, hf: openHuggingFace };
  const processes: RivalProcess[] = [];
  try {
    for (const name of names) processes.push(await open[name](files, opening, say));
    return processes;
  } catch (error) {
    await Promise.all(processes.map((one) => one.close()));
    throw error;
  }
}

async function openLlamaCpp(
  { gguf }: RivalFiles,
  opening: RivalOpening,
  say: (line: string) => void,
): Promise<RivalProcess> {
  if (gguf === undefined) throw new OptionError('gguf', 'must name the GGUF file for llama.cpp.');
  const entry = await installLlama(cacheFolder(), say);
  const child = packageFile('dist/evaluate/rivals/llama-cpp-child.js');
  const own: LlamaOpening = { ...opening, entry, gguf };
  return openRivalProcess([process.execPath, child], own);
}

async function openHuggingFace(
  { folder }: RivalFiles,
  opening: RivalOpening,
  say: (line: string) => void,
): Promise<RivalProcess> {
  const python = await openPython({
    python: 'python3',
    folder: join(cacheFolder(), 'hugging-face'),
    packages: "Hugging Face's packages",
    requirements: packageFile('src/evaluate/rivals/hugging-face-requirements.txt'),
    say,
  });
  const child = packageFile('src/evaluate/rivals/hugging_face.py');
  return openRivalProcess([python, child], { ...opening, folder } as RivalOpening);
}
