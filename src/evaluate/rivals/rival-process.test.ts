import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ProgramError } from '../../contracts/errors.ts';
import { openRivalProcess } from './rival-process.ts';

const FAKE = fileURLToPath(new URL('testing/fake-rival.mjs', import.meta.url));
const opening = { prompt: [1, 2, 3], end: [0], threads: 2, contextSize: 256 };
const open = (...badly: string[]) => openRivalProcess([process.execPath, FAKE, ...badly], opening);

describe('openRivalProcess', () => {
  it('has a rival for each way, with what it runs and tried', async () => {
    const { rivals, close } = await open();
    expect(rivals.map(({ name }) => name)).toEqual(['fake', 'fake, prompt lookup']);
    expect(rivals[0]).toMatchObject({
      runs: 'fake 1.0, Q4_1',
      tried: [{ setting: '2 threads', firstTokenMs: 4, tokenMs: 2 }],
    });
    await close();
  });

  it('asks each way for its own answers, with their times', async () => {
    const { rivals, close } = await open();
    const [plain, lookup] = rivals;
    expect(await plain?.answer([7, 8], 3)).toMatchObject({ ids: [2, 3, 4], times: [4, 6, 8] });
    expect((await lookup?.answer([7], 1))?.ids).toEqual([101]);
    await close();
  });

  it('fails with the last words of one that ends by itself', async () => {
    const failure = open('dies');
    await expect(failure).rejects.toBeInstanceOf(ProgramError);
    await expect(failure).rejects.toThrow(/ended by itself: no such file: model.gguf/);
  });

  it('fails on what is not the protocol, and quotes it', async () => {
    await expect(open('babbles')).rejects.toThrow(/it said Loading model/);
  });

  it('says that a program is not there', async () => {
    const failure = openRivalProcess(['/nowhere/engine'], opening);
    await expect(failure).rejects.toThrow("/nowhere/engine: it can't be run");
  });
});
