import { relative } from 'node:path';

/** A path as one would type it: from the current folder if it lies below, else in full. */
export function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near === '' || near.startsWith('..') ? path : near;
}
