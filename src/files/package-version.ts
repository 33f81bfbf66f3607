import { readFileSync } from 'node:fs';
import { packageFile } from './package-file.ts';

/** This package's own. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'));
  return String(version);
}
