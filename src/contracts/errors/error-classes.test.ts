import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as errors from '../errors.ts';
import { ERROR_EXAMPLES } from '../testing/error-examples.ts';
import { ERROR_CLASSES } from './error-classes.ts';

const codes = Object.keys(ERROR_CLASSES) as errors.ErrorCode[];
const classes = Object.entries(errors).filter(([name]) => name !== 'MsdError');

describe('the table of error codes', () => {
  it('has every exported class once', () => {
    const known = Object.values(ERROR_CLASSES);
    expect(classes.filter(([, one]) => !known.includes(one)).map(([name]) => name)).toEqual([]);
    expect(new Set(known).size).toBe(known.length);
  });

  it.each(codes)('names the class of %s', (code) => {
    const example = ERROR_EXAMPLES.find((error) => error.code === code);
    expect(example?.constructor).toBe(ERROR_CLASSES[code]);
    expect(classes).toContainEqual([example?.name, ERROR_CLASSES[code]]);
    expect(code).toMatch(/^[a-z]+(_[a-z]+)+$/);
  });

  it('is what the guide tells', () => {
    const guide = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
    const rows = [...guide.matchAll(/^\| `(\w+)` +\| `(\w+)`/gm)].map(([, code, name]) => [
      code,
      name,
    ]);
    const table = ERROR_EXAMPLES.map(({ code, name }) => [code, name]);
    expect(rows.sort()).toEqual(table.sort());
  });
});

describe('an error', () => {
  it('is ours whichever class it has, and no other is', () => {
    expect(ERROR_EXAMPLES.every(errors.MsdError.is)).toBe(true);
    expect(errors.MsdError.is(new Error('no'))).toBe(false);
  });

  it('tells what is wrong apart from what would help', () => {
    const { message, problem, remedy } = new errors.DeviceError('webgpu', 'none is here.');
    expect(remedy).toEqual({ kind: 'use-option', option: 'device', values: ['cpu'] });
    expect(problem).toBe('Device "webgpu" can\'t be used: none is here.');
    expect(message).toBe(`${problem} Use option device cpu.`);
  });

  it.each(ERROR_EXAMPLES.map((error) => [error.name, error.message]))(
    'of class %s names no flag and no verb of the program',
    (_, message) => {
      expect(message).not.toMatch(/--[a-z]|\bmsd [a-z]+/);
    },
  );
});
