/**
 * Whether a file of a repository may be written below a folder under its own name, on any system: relative, without
 * steps upwards, backslashes, drives or control characters.
 */
export function isSafePath(path: string): boolean {
  if (/[\p{Cc}\\]/u.test(path)) return false;
  return path
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && !/^[a-z]:/i.test(part));
}
