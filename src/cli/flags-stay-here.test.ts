import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SOURCE = fileURLToPath(new URL('../', import.meta.url));
/** Style sheets name their variables so, and some lines name flags of other programs. */
const OTHERS =
  /report-page-style\.ts:|llama-gguf-split --merge|(llama-module|open-python|fetch-packages|photograph-suites)\.ts:.*'(--prefix|--clear|--requirement|--silent|--extract|--version|--no-deps)'/;

it('no room but cli/ words anything with a flag or a verb of the program', () => {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.ts$/.test(file) && !/^cli\/|\.test\.ts$|(^|\/)testing\//.test(file),
  );
  const flagged = files.flatMap((file) =>
    readFileSync(join(SOURCE, file), 'utf8')
      .split('\n')
      .filter((line) => !/^\s*(\*|\/\*)/.test(line))
      .map((line) => `${file}: ${line.replace(/\/\/.*/, '').trim()}`)
      .filter((line) => /(^|[\s`'"(])--[a-z]|\bmsd (pull|list|rm|run|check)\b/.test(line)),
  );
  expect(files.length).toBeGreaterThan(300);
  expect(flagged.filter((line) => !OTHERS.test(line))).toEqual([]);
});
