import { homedir } from 'node:os';
import { expect, it } from 'vitest';
import { escaped, typedPath, unescaped } from './typed-path.ts';

const nothing = () => false;

it.each([
  ['a.png', 'a.png'],
  ['my photo.png', 'my photo.png'],
  ["'my photo.png'", 'my photo.png'],
  ['"my photo.png"', 'my photo.png'],
  ['my\\ photo\\ \\(1\\).png', 'my photo (1).png'],
  ['~/a.png', `${homedir()}/a.png`],
  ['"~/a b.png"', `${homedir()}/a b.png`],
  ['~user/a.png', '~user/a.png'],
  ['C:\\pictures\\a.png', 'C:\\pictures\\a.png'],
])('reads %s as %s', (typed, path) => {
  expect(typedPath(typed, nothing)).toBe(path);
});

it('takes a file of exactly that name first', () => {
  expect(typedPath('it\\ is.png', (path) => path === 'it\\ is.png')).toBe('it\\ is.png');
});

it('gives back what it escaped', () => {
  const name = `a b'c"(d)&$e\\f.png`;
  expect(unescaped(escaped(name))).toBe(name);
});
