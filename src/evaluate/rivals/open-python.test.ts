import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProgramError } from '../../contracts/errors.ts';
import { openPython } from './open-python.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'msd-python-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const inHome = (name: string) => join(home, name);

function script(path: string, ...lines: string[]): string {
  writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(path, 0o755);
  return path;
}

/** A python3 that writes down what it is asked to do; its environments hold a copy of it. */
function fakePython({ version = 0, venv = 0, pip = 0 } = {}): string {
  return script(
    inHome('python3'),
    `echo "$1 $2" >> '${inHome('asked')}'`,
    'case "$1 $2" in',
    `  "-m venv") mkdir -p "$4/bin" && cp "$0" "$4/bin/python"; exit ${venv};;`,
    `  "-m pip") exit ${pip};;`,
    `  *) exit ${version};;`,
    'esac',
  );
}

function asked(): string[] {
  if (!existsSync(inHome('asked'))) return [];
  const lines = readFileSync(inHome('asked'), 'utf8').trim().split('\n');
  rmSync(inHome('asked'));
  return lines.map((line) => (line.startsWith('-c') ? 'version' : line.slice('-m '.length)));
}

function open(python: string, packages = 'one==1'): Promise<string> {
  const requirements = inHome('requirements.txt');
  writeFileSync(requirements, packages);
  return openPython({
    python,
    folder: inHome('environment'),
    requirements,
    packages: 'packages',
    say: () => {},
  });
}

describe.skipIf(process.platform === 'win32')('openPython', () => {
  it('installs once, and anew for other packages', async () => {
    const python = fakePython();
    expect(await open(python)).toBe(inHome('environment/bin/python'));
    expect(asked()).toEqual(['version', 'venv', 'pip']);
    await open(python);
    expect(asked()).toEqual([]);
    await open(python, 'one==2');
    expect(asked()).toEqual(['version', 'venv', 'pip']);
  });

  it('begins anew after an installation that failed', async () => {
    await expect(open(fakePython({ pip: 1 }))).rejects.toThrow(
      /pip: it could not install.*network/,
    );
    asked();
    await open(fakePython());
    expect(asked()).toEqual(['version', 'venv', 'pip']);
  });

  it.each<[string, Parameters<typeof fakePython>[0], RegExp]>([
    ['is too old, or lacks venv', { version: 1 }, /it must be Python 3.10 or newer/],
    ['makes no environment', { venv: 1 }, /can't make an environment/],
  ])('says what to do where python3 %s', async (_, fake, message) => {
    const failure = open(fakePython(fake));
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toBeInstanceOf(ProgramError);
  });

  it('says what to do where there is no python3', async () => {
    const failure = open(inHome('nowhere'));
    await expect(failure).rejects.toThrow(/can't be run; install it/);
    await expect(failure).rejects.toBeInstanceOf(ProgramError);
  });
});
