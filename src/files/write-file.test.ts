import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../checkpoint/testing/folders.ts';
import { CheckpointError } from '../contracts/errors.ts';
import { writeWhole } from './write-file.ts';

describe('writeWhole', () => {
  it('writes a file, makes its folders, and leaves nothing beside it', async () => {
    const dir = tempFolder();
    await writeWhole(join(dir, 'a/b/costs.json'), '{"rows":[1,8]}');
    expect(readFileSync(join(dir, 'a/b/costs.json'), 'utf8')).toBe('{"rows":[1,8]}');
    expect(readdirSync(join(dir, 'a/b'))).toEqual(['costs.json']);
  });

  it('replaces a file', async () => {
    const path = join(tempFolder(), 'costs.json');
    writeFileSync(path, 'much longer than what follows');
    await writeWhole(path, Uint8Array.of(104, 105));
    expect(readFileSync(path, 'utf8')).toBe('hi');
  });

  it('writes pieces one after the other', async () => {
    const path = join(tempFolder(), 'weights');
    await writeWhole(path, [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)]);
    expect([...readFileSync(path)]).toEqual([1, 2, 3]);
  });

  it('keeps the old file where the pieces end in an error', async () => {
    const dir = tempFolder();
    const path = join(dir, 'weights');
    writeFileSync(path, 'old');
    function* broken() {
      yield Uint8Array.of(1);
      throw new RangeError('no second piece');
    }
    await expect(writeWhole(path, broken())).rejects.toThrow('no second piece');
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(dir)).toEqual(['weights']);
  });

  it('ends with one writer’s whole data when several write at once', async () => {
    const dir = tempFolder();
    const texts = Array.from({ length: 8 }, (_, i) => `${i}`.repeat(100_000));
    await Promise.all(texts.map((text) => writeWhole(join(dir, 'costs.json'), text)));
    expect(texts).toContain(readFileSync(join(dir, 'costs.json'), 'utf8'));
    expect(readdirSync(dir)).toEqual(['costs.json']);
  });

  it('leaves nothing half-done where it can not finish', async () => {
    const dir = tempFolder();
    mkdirSync(join(dir, 'costs.json/inside'), { recursive: true });
    const writing = writeWhole(join(dir, 'costs.json'), 'new');
    await expect(writing).rejects.toBeInstanceOf(CheckpointError);
    expect(readdirSync(dir)).toEqual(['costs.json']);
    expect(readdirSync(join(dir, 'costs.json'))).toEqual(['inside']);
  });
});
