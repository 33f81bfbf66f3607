import { describe, expect, it } from 'vitest';
import { ImageError, MsdError } from '../../contracts/errors.ts';
import { ERROR_EXAMPLES } from '../../contracts/testing/error-examples.ts';
import { fromErrorData, toErrorData } from './error-data.ts';

const across = (error: unknown) => fromErrorData(structuredClone(toErrorData(error)));

describe('an error that crosses to another thread', () => {
  it.each(ERROR_EXAMPLES.map((error) => [error.name, error] as const))(
    'is the same %s',
    (_, error) => {
      const there = across(error);
      expect(there).toBeInstanceOf(error.constructor);
      expect(MsdError.is(there)).toBe(true);
      expect(there.stack).toBe(error.stack);
      expect({ ...there, name: there.name, message: there.message }).toEqual({
        ...error,
        name: error.name,
        message: error.message,
      });
    },
  );

  it('is told by its code, whatever a bundle calls its class', () => {
    const [example] = ERROR_EXAMPLES as [MsdError];
    const { name: _, ...data } = toErrorData(example);
    expect(fromErrorData({ ...data, name: 'u' })).toBeInstanceOf(example.constructor);
  });

  it('keeps its causes', () => {
    const cause = new TypeError('deep');
    const there = across(new ImageError('x.png', 'no picture.', { cause }));
    expect(there.cause).toMatchObject({ name: 'TypeError', message: 'deep' });
  });

  it('may be a bug, or no error at all', () => {
    expect(across(new RangeError('far'))).toMatchObject({ name: 'RangeError', message: 'far' });
    expect(across('plain text').message).toBe('plain text');
  });
});
