import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../../../checkpoint/testing/folders.ts';
import { completeLine } from './complete-line.ts';

function folder(): string {
  const path = tempFolder();
  mkdirSync(join(path, 'more'));
  for (const name of ['my photo.png', 'map.png', '.hidden.png']) {
    writeFileSync(join(path, name), '');
  }
  return path;
}

it('completes commands', () => {
  expect(completeLine('/re')).toEqual([['/retry', '/reset'], '/re']);
  expect(completeLine('/im')).toEqual([['/image '], '/im']);
  expect(completeLine('words /re')).toEqual([[], 'words /re']);
});

it('completes files behind /image, as they were begun', () => {
  const path = folder();
  const typed = (text: string) => completeLine(`/image ${text}`)[0];
  expect(typed(`${path}/m`)).toEqual([
    `${path}/map.png`,
    `${path}/more/`,
    `${path}/my\\ photo.png`,
  ]);
  expect(typed(`${path}/my\\ p`)).toEqual([`${path}/my\\ photo.png`]);
  expect(typed(`"${path}/my p`)).toEqual([`"${path}/my photo.png"`]);
  expect(typed(`${path}/.h`)).toEqual([`${path}/.hidden.png`]);
  expect(typed(`${path}/none/x`)).toEqual([]);
});

it('begins each with what was typed, as the line editor needs it', () => {
  const [hits, typed] = completeLine(`/image ${folder()}/my\\ `);
  for (const hit of hits) expect(hit.startsWith(typed)).toBe(true);
  expect(hits).toHaveLength(1);
});
