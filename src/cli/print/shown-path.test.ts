import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { shownPath } from './shown-path.ts';

it('shortens what lies below the current folder, and nothing else', () => {
  expect(shownPath(join(process.cwd(), 'models', 'tiny'))).toBe(join('models', 'tiny'));
  const elsewhere = resolve(process.cwd(), '..', 'elsewhere');
  expect(shownPath(elsewhere)).toBe(elsewhere);
  expect(shownPath(process.cwd())).toBe(process.cwd());
});
