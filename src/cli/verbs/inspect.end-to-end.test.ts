import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { TINY_DRAFT, TINY_TARGET } from '../../checkpoint/testing/folders.ts';
import { shapeName } from '../../decode/tree-shape.ts';
import { SHOWN_TREES } from '../../evaluate/inspect/tree-costs.ts';
import { passMsd, runMsd } from '../testing/run-msd.ts';

it('shows model, draft, memory, trees and files', async () => {
  const { stdout } = await passMsd(['inspect']);
  expect(stdout).toMatch(/^family +llava$/m);
  expect(stdout).toMatch(/^vocabulary +1024 tokens$/m);
  expect(stdout).toMatch(/^context +1024 tokens; a picture takes 64$/m);
  expect(stdout).toMatch(/^draft +.*models\/tiny\/draft: 0\.5 M parameters$/m);
  expect(stdout).toMatch(/^cache of a token +9\.4 KiB$/m);
  expect(stdout).toMatch(/^cache of a full context \(1024 tokens\) +9\.4 MiB$/m);
  const figures = / +\d+ +[\d.]+ ms +[\d.]+x +[\d.]+ ms +[\d.]+$/;
  const trees = stdout.split('\n').filter((line) => figures.test(line));
  expect(trees.map((line) => line.split(' ')[0])).toEqual(['plain', ...SHOWN_TREES.map(shapeName)]);
  expect(stdout).toMatch(
    /; auto now: (plain at first: trees of about \d+ rows|trees of about \d+ rows first: they) take /,
  );
});

it('prints all of it as JSON', async () => {
  const args = ['inspect', '--model', TINY_TARGET, '--draft', TINY_DRAFT, '--drafter', 'eagle'];
  const { stdout } = await passMsd([...args, '--json']);
  const object = JSON.parse(stdout);
  expect(object).toMatchObject({
    ...{ model: TINY_TARGET, draft: TINY_DRAFT, drafter: 'eagle', family: 'llava' },
    ...{ vocabulary: 1024, context: 1024, image_tokens: 64 },
    memory: {
      cache_per_token: 9600,
      cache_per_picture: 64 * 9600,
      cache_full_context: 1024 * 9600,
    },
  });
  expect(object.trees).toHaveLength(1 + SHOWN_TREES.length);
  expect(object.trees[0]).toMatchObject({ tree: 'plain', break_even_tokens_per_pass: 1 });
  const path = join(TINY_TARGET, 'model.safetensors');
  expect(object.files).toContainEqual({ path, bytes: statSync(path).size });
});

it('refuses a drafter that cannot run', async () => {
  const { code, stdout, stderr } = await runMsd([
    'inspect',
    '--model',
    TINY_TARGET,
    '--drafter',
    'msd',
  ]);
  expect(stderr).toContain('error: Drafter "msd" can\'t run');
  expect(stdout).toBe('');
  expect(code).toBe(1);
});
