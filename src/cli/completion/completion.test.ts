import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../checkpoint/testing/folders.ts';
import { createProgram } from '../program.ts';
import { bashCompletion } from './bash-completion.ts';
import { fishCompletion } from './fish-completion.ts';
import { verbWords } from './verb-words.ts';
import { zshCompletion } from './zsh-completion.ts';

const VERBS = verbWords(createProgram());
const has = (shell: string) => spawnSync(shell, ['-c', 'exit']).status === 0;

function file(script: string): string {
  const path = join(tempFolder(), 'completion');
  writeFileSync(path, script);
  return path;
}

/** Words that stand behind `msd`, the last of them half typed, and what there is for it. */
const CASES: [string, string[]][] = [
  ['ru', ['run']],
  ['r', ['read', 'rm', 'run']],
  ['run --im', ['--image']],
  ['run --device ', ['cpu', 'webgpu']],
  ['run --image a.png --device w', ['webgpu']],
  ['train d', ['draft']],
  ['train draft --ou', ['--out']],
  ['completion ', ['bash', 'zsh', 'fish']],
];

describe.skipIf(!has('bash'))('bash', () => {
  const script = () => file(bashCompletion(VERBS));
  const complete = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _msd; echo "\${COMPREPLY[@]}"`;
  it.each(CASES)('completes msd %s', (typed, words) => {
    const args = ['-c', complete, 'bash', script(), 'msd', ...typed.split(' ')];
    const found = execFileSync('bash', args, { encoding: 'utf8' }).trim().split(' ');
    expect(found.sort()).toEqual(words.toSorted());
  });

  it('leaves files to the shell where nothing else can stand', () => {
    const args = ['-c', complete, 'bash', script(), 'msd', 'run', '--image', ''];
    expect(execFileSync('bash', args, { encoding: 'utf8' }).trim()).toBe('');
  });
});

const FISH = 'fish';

describe.skipIf(!has(FISH))('fish', () => {
  const script = () => file(fishCompletion(VERBS));
  it.each(CASES)('completes msd %s', (typed, words) => {
    const found = execFileSync(FISH, ['-c', `source ${script()}; complete -C'msd ${typed}'`], {
      encoding: 'utf8',
    });
    const names = found
      .trim()
      .split('\n')
      .map((line) => line.split('\t')[0]);
    expect(names).toEqual(expect.arrayContaining(words));
  });
});

it.skipIf(!has('zsh'))('zsh reads its script', () => {
  const { status, stderr } = spawnSync('zsh', ['-n', file(zshCompletion(VERBS))], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

it('knows every verb and flag of the program', () => {
  for (const script of [bashCompletion, zshCompletion, fishCompletion]) {
    const text = script(VERBS);
    for (const { name, flags } of VERBS) {
      expect(text).toContain(name.split(' ').at(-1));
      for (const { long } of flags) expect(text).toContain(long.slice(2));
    }
  }
});
