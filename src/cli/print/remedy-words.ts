import { useOf } from '../../contracts/errors/remedy.ts';
import type { MsdError, Remedy } from '../../contracts/errors.ts';
import { shellCommand } from './shell-command.ts';

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
      return `Fetch it with: ${shellCommand(['pull', remedy.model])}`;
    case 'import-file':
      return `Import it with: ${shellCommand(['import', remedy.file])}`;
    case 'merge-adapters':
      return mergeWords(remedy);
    case 'list-models':
      return 'See msd list.';
    case 'remove-models':
      return 'What takes room: msd list; what removes it: msd rm.';
    case 'any-of':
      return remedy.remedies.map(remedyWords).join(' ');
  }
}

function mergeWords({ folder, base }: Remedy & { readonly kind: 'merge-adapters' }): string {
  const merge = shellCommand(['export', folder, '--out', 'FOLDER']);
  if (base === undefined) return `Merge them with: ${merge}`;
  return `Fetch it and merge them with: ${shellCommand(['pull', base])} && ${merge}`;
}

/** `--max-tokens` for `maxTokens`. */
export const flagOf = (option: string): string =>
  `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
