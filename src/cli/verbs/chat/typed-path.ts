import { join } from 'node:path';
import { homeFolder } from '../../../files/home-folder.ts';

/** What shells take for their own unless a backslash stands before it. */
const SPECIAL = /[\s\\'"()&$!#;<>|*?[\]{}`]/g;

/**
 * A path as someone types it, or as a terminal gives it for a file that is dropped on it: in quotes, or with
 * backslashes, and `~` for the home folder. A file of exactly that name goes first.
 */
export function typedPath(text: string, exists: (path: string) => boolean): string {
  if (exists(text)) return text;
  const quoted = text.match(/^(["'])(.*)\1$/s)?.[2];
  const plain = quoted ?? unescaped(text);
  return atHome(plain);
}

/** Without the backslashes that stand before what is special. */
export const unescaped = (text: string): string =>
  text.replace(/\\([\s\\'"()&$!#;<>|*?[\]{}`])/g, '$1');

export const escaped = (text: string): string => text.replaceAll(SPECIAL, '\\$&');

export const atHome = (path: string): string =>
  /^~(?=\/|$)/.test(path) ? join(homeFolder(), path.slice(1)) : path;
