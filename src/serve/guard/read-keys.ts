import { readFileSync } from 'node:fs';
import { ConfigError } from '../../contracts/errors.ts';
import { ioError } from '../../files/io-error.ts';

/** API keys of a file, one a line (a line that begins with # is none), and those given apart, as by a variable. */
export function readKeys(file: string | undefined, given = ''): string[] {
  const inFile = file === undefined ? [] : linesOf(textOf(file)).filter((line) => !/^#/.test(line));
  if (file !== undefined && inFile.length === 0) {
    throw new ConfigError(file, 'it holds no key; write one a line.');
  }
  return [...inFile, ...given.split(',').flatMap((key) => key.trim() || [])];
}

const linesOf = (text: string): string[] => text.split('\n').flatMap((line) => line.trim() || []);

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw ioError(file, error);
  }
}
