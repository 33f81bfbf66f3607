import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type FormatFlags, readFormat } from './read-format.ts';

const folder = mkdtempSync(join(tmpdir(), 'msd-format-'));
afterAll(() => rmSync(folder, { recursive: true }));

const read = (flags: Partial<FormatFlags>) =>
  readFormat({ schema: undefined, jsonObject: undefined, regex: undefined, ...flags });

it('is the form that a flag stands for', async () => {
  const schema = join(folder, 'schema.json');
  writeFileSync(schema, '{"type": "null"}');
  expect(await read({})).toEqual({});
  expect(await read({ jsonObject: true })).toEqual({ responseFormat: { type: 'json_object' } });
  expect(await read({ regex: 'a' })).toEqual({ responseFormat: { type: 'regex', regex: 'a' } });
  expect(await read({ schema })).toEqual({
    responseFormat: { type: 'json_schema', json_schema: { schema: { type: 'null' } } },
  });
});

it('names a file that is no JSON, or not there', async () => {
  const broken = join(folder, 'broken.json');
  writeFileSync(broken, '{');
  await expect(read({ schema: broken })).rejects.toThrow(`${broken}: this is no JSON`);
  await expect(read({ schema: join(folder, 'none.json') })).rejects.toThrow('no such file');
});
