import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { builtInDrafter, DRAFTER_NAMES, DRAFTERS, drafterFor } from './drafters.ts';

describe('auto', () => {
  it.each(['msd', 'eagle', 'block'] as const)(
    'is the drafter that a draft of %s was made for',
    (method) => {
      expect(builtInDrafter(drafterFor(method))?.runs?.[0]).toBe(method);
    },
  );

  it('is one that guesses without a draft where there is none', () => {
    const row = builtInDrafter(drafterFor(undefined));
    expect(row).toMatchObject({ drafts: true });
    expect(row?.runs).toBeUndefined();
  });
});

it('no two drafters have a name in common, and none is called auto', () => {
  expect(new Set([...DRAFTER_NAMES, 'auto']).size).toBe(DRAFTERS.length + 1);
});

const SOURCE = fileURLToPath(new URL('../', import.meta.url));
/** GGUF says so of positions that are not stretched. */
const OTHERS = /^gguf\/rope-scaling\.ts: if \(type === 'none'\)|toolChoice [!=]== 'none'/;

it('no line of the product compares a drafter’s name', () => {
  const name = `['"\`](${DRAFTER_NAMES.join('|')})['"\`]`;
  const compared = new RegExp(`[!=]==? *${name}|${name} *[!=]==?|case ${name}|includes\\(${name}`);
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.ts$/.test(file) && !/\.test\.ts$|\/testing\//.test(file),
  );
  const lines = files.flatMap((file) =>
    readFileSync(join(SOURCE, file), 'utf8')
      .split('\n')
      .filter((line) => compared.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(files.length).toBeGreaterThan(300);
  expect(lines.filter((line) => !OTHERS.test(line))).toEqual([]);
});
