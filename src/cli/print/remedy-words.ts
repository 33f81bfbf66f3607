import { useOf } from '../../contracts/errors/remedy.ts';
import type { MsdError, Remedy } from '../../contracts/errors.ts';

/** What is wrong and what would help, in the words of a command line. */
export function wordsOf(error: MsdError): string {
  return error.remedy === undefined
    ? error.message
    : `${error.problem} ${remedyWords(error.remedy)}`;
}

export function remedyWords(remedy: Remedy): string {
  switch (remedy.kind) {
    case 'use-option':
      return `Use ${useOf(remedy, flagOf(remedy.option))}.`;
    case 'drop-option':
      return `Try without ${flagOf(remedy.option)}.`;
    case 'fetch-model':
      return `Fetch it with: msd pull ${remedy.model}`;
    case 'import-file':
      return `Import it with: msd import ${remedy.file}`;
    case 'merge-adapters':
      return `Merge them with: msd export ${remedy.folder} --out FOLDER`;
    case 'list-models':
      return 'See msd list.';
    case 'remove-models':
      return 'What takes room: msd list; what removes it: msd rm.';
    case 'any-of':
      return remedy.remedies.map(remedyWords).join(' ');
  }
}

/** `--max-tokens` for `maxTokens`. */
export const flagOf = (option: string): string =>
  `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
