import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../checkpoint/testing/folders.ts';
import { RunFolderError } from '../../contracts/errors.ts';
import { harvestLine } from './harvest-record.ts';
import { openPartStore } from './part-store.ts';
import { answeredOutcome, refusedOutcome, said } from './testing/outcomes.ts';

const numRuns = Math.ceil(Number(process.env.MSD_FUZZ ?? 300) / 10);

const lineOf = (dialogue: number) =>
  harvestLine(answeredOutcome(dialogue, [said('user', 'q'), said('assistant', `${dialogue}`)]));

/** A folder for parts, and where the finished file goes. */
function places() {
  const dir = tempFolder();
  const folder = join(dir, 'answers.jsonl.parts');
  mkdirSync(folder);
  return { dir, folder, out: join(dir, 'answers.jsonl') };
}

describe('the parts of a harvest', () => {
  it('come together in the order of the dialogues, however they ended, were saved and gone on with', async () => {
    const orders = fc.integer({ min: 1, max: 30 }).chain((n) =>
      fc.shuffledSubarray(
        Array.from({ length: n }, (_, i) => i),
        { minLength: n },
      ),
    );
    const property = fc.asyncProperty(orders, fc.infiniteStream(fc.nat(5)), async (order, dice) => {
      const { folder, out } = places();
      let store = await openPartStore(folder);
      for (const dialogue of order) {
        store.add(lineOf(dialogue));
        const { value } = dice.next();
        if (value < 2) await store.save();
        if (value === 0) store = await openPartStore(folder);
      }
      await store.save();
      expect([...store.facts.keys()].sort((a, b) => a - b)).toEqual(order.map((_, i) => i));
      await store.finish(out);
      expect(readFileSync(out, 'utf8')).toBe(order.map((_, i) => `${lineOf(i)}\n`).join(''));
      expect(readdirSync(folder)).toEqual([]);
    });
    await fc.assert(property, { numRuns });
  });

  it('are lost only since the last save', async () => {
    const { folder } = places();
    const store = await openPartStore(folder);
    store.add(lineOf(0));
    await store.save();
    store.add(lineOf(1));
    expect(store.unsaved).toBe(1);
    expect([...(await openPartStore(folder)).facts.keys()]).toEqual([0]);
  });

  it('keep what is added while a save is under way, whoever saves next', async () => {
    const { folder, out } = places();
    const store = await openPartStore(folder);
    const saves = Array.from({ length: 8 }, (_, i) => {
      store.add(lineOf(2 * i));
      const saved = store.save();
      store.add(lineOf(2 * i + 1));
      return saved;
    });
    await Promise.all([...saves, store.save()]);
    await store.finish(out);
    const whole = Array.from({ length: 16 }, (_, i) => `${lineOf(i)}\n`).join('');
    expect(readFileSync(out, 'utf8')).toBe(whole);
  });

  it('lose nothing to a save that fails', async () => {
    const { folder, out } = places();
    const store = await openPartStore(folder);
    store.add(lineOf(0));
    const inTheWay = join(folder, 'part-00001.jsonl', 'a folder');
    mkdirSync(inTheWay, { recursive: true });
    await expect(store.save()).rejects.toThrow(folder);
    rmSync(join(folder, 'part-00001.jsonl'), { recursive: true });
    store.add(lineOf(1));
    await store.save();
    await store.finish(out);
    expect(readFileSync(out, 'utf8')).toBe(`${lineOf(0)}\n${lineOf(1)}\n`);
  });

  it('leave out what was refused, and remember it', async () => {
    const { folder, out } = places();
    const store = await openPartStore(folder);
    store.add(harvestLine(refusedOutcome(0, 'No.')));
    store.add(lineOf(1));
    await store.save();
    const again = await openPartStore(folder);
    expect(again.facts.get(0)?.left).toContain('No.');
    await again.finish(out);
    expect(readFileSync(out, 'utf8')).toBe(`${lineOf(1)}\n`);
  });

  it('are rid of half-written files, and of nothing else', async () => {
    const { folder, out } = places();
    mkdirSync(join(folder, 'part-00001.jsonl.Ab3dE6'));
    writeFileSync(join(folder, 'part-00001.jsonl.Ab3dE6', 'part-00001.jsonl'), '{"mess');
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    const store = await openPartStore(folder);
    expect(readdirSync(folder)).toEqual(['notes.txt']);
    await store.finish(out);
    expect(readdirSync(folder)).toEqual(['notes.txt']);
    expect(existsSync(out)).toBe(true);
  });

  it('name one that is damaged, and what to do', async () => {
    const { folder } = places();
    const path = join(folder, 'part-00001.jsonl');
    writeFileSync(path, `${lineOf(0)}\n${lineOf(1).slice(0, 30)}\n`);
    const error = await openPartStore(folder).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(RunFolderError);
    expect(error).toMatchObject({ path, message: expect.stringContaining('delete the file') });
  });
});
