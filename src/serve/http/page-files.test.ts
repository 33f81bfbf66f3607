import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readPageFiles } from './page-files.ts';

it('has the files of the page by their addresses, and what is no part of one not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'msd-page-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<p>');
  writeFileSync(join(folder, 'assets', 'index-B4x_9dQz.js'), 'a');
  writeFileSync(join(folder, 'notes'), 'b');
  symlinkSync('/etc/passwd', join(folder, 'secret.html'));
  const files = readPageFiles(folder);
  expect([...files.keys()].sort()).toEqual(['/', '/assets/index-B4x_9dQz.js', '/index.html']);
  expect(files.get('/')).toBe(files.get('/index.html'));
  expect(files.get('/assets/index-B4x_9dQz.js')).toMatchObject({ lasting: true });
  expect(files.get('/')).toMatchObject({ lasting: false, type: 'text/html; charset=utf-8' });
});

it('has none where there is no page', () => {
  expect(readPageFiles('/nowhere').size).toBe(0);
});
