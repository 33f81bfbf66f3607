import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../contracts/errors.ts';
import { ioError } from './io-error.ts';

const failure = (code: string) => Object.assign(new Error(code), { code });

describe('ioError', () => {
  it('turns a refused access into a sentence that says what to do', () => {
    const error = ioError('/models/a', failure('EACCES'));
    expect(error).toBeInstanceOf(CheckpointError);
    expect(error).toMatchObject({
      path: '/models/a',
      message: '/models/a: no permission; give yourself access to the file and its folder.',
    });
  });

  it('names a code that it does not know', () => {
    expect(ioError('/models/a', failure('EIO'))).toMatchObject({
      message: expect.stringContaining('EIO'),
    });
  });

  it('leaves a bug alone', () => {
    const bug = new TypeError('undefined is not a function');
    expect(ioError('/models/a', bug)).toBe(bug);
  });
});
