import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The key of the entry with this number. */
export function keyOf(index: number): string {
  return createHash('sha256').update(`entry ${index}`).digest('hex');
}

/** Its numbers: of varying size, different from those of all others. */
export function numbersOf(index: number): Uint16Array {
  return Uint16Array.from({ length: 50 + ((index * 37) % 100) }, (_, i) => (index << 8) + i);
}

/** Paths of the files with numbers in them, those that are being written included. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /[0-9a-f]{62}$/.test(name) || name === 'incoming')
    .map((name) => join(folder, name));
}

export function bytesIn(folder: string): number {
  return filesIn(folder).reduce((sum, path) => sum + statSync(path).size, 0);
}
