import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  copyOf,
  setFields,
  TINY_DRAFT,
  TINY_TARGET,
  tempFolder,
} from '../checkpoint/testing/folders.ts';
import { runMsd, startMsd } from './testing/run-msd.ts';

/** One sentence on stderr, nothing on stdout. */
async function refusal(args: readonly string[], input = ''): Promise<[number | null, string]> {
  const { code, stdout, stderr } = await runMsd(args, input);
  expect(stdout).toBe('');
  const lines = stderr.trimEnd().split('\n');
  const errors = lines.filter((line) => line.startsWith('error: '));
  expect(errors, stderr).toHaveLength(1);
  expect(stderr, 'no stack').not.toMatch(/^\s+at /m);
  return [code, errors[0] ?? ''];
}

describe('bad input ends with one sentence and exit code 1', () => {
  it.each<[string, string[], RegExp]>([
    [
      'a picture that is not there',
      ['--image', 'none.png', 'x'],
      /none\.png: there is no such file/,
    ],
    ['a file that is no picture', ['--image', 'package.json', 'x'], /package\.json: .*picture/i],
    ['a folder as a picture', ['--image', 'src', 'x'], /src: it is a directory/],
    ['a folder as messages', ['--messages', 'src'], /src: this is a folder/],
    [
      'messages that are not there',
      ['--messages', 'none.json'],
      /none\.json: there is no such file/,
    ],
    ['messages that are no JSON', ['--messages', 'LICENSE'], /LICENSE: this is not valid JSON/],
    ['messages that are no list', ['--messages', 'package.json'], /neither a list of messages/],
    [
      'a prediction that is not there',
      ['--prediction', 'none.txt', 'x'],
      /none\.txt: there is no such file/,
    ],
    [
      'a prediction that is no text',
      ['--prediction', 'fixtures/tiny/images/square.png', 'x'],
      /square\.png: this is not text/,
    ],
    ['an empty prompt', [' '], /The prompt is empty/],
    [
      'a model that is not there',
      ['--model', 'none', 'x'],
      /none: there is no such file or folder, and no such model in .*; .* msd pull none/,
    ],
    [
      'a draft that is not there',
      ['--draft', 'none', 'x'],
      /none: there is no such file or folder, and no such model in .*; .* msd pull none/,
    ],
    [
      'a drafter without its draft',
      ['--model', TINY_TARGET, '--drafter', 'msd', 'x'],
      /Drafter "msd" can't run: no draft is loaded/,
    ],
    ['a prompt beyond the context', ['word '.repeat(1500)], /the model's context holds 1024/],
  ])('%s', async (_, args, sentence) => {
    const [code, text] = await refusal(['run', ...args]);
    expect(text).toMatch(sentence);
    expect(code).toBe(1);
  });

  it('an empty standard input', async () => {
    const [code, text] = await refusal(['run', '-'], '\n');
    expect(text).toMatch(/The prompt is empty/);
    expect(code).toBe(1);
  });

  it('messages whose part is unknown', async () => {
    const file = join(tempFolder(), 'messages.json');
    writeFileSync(file, JSON.stringify([{ role: 'user', content: [{ type: 'video' }] }]));
    const [code, text] = await refusal(['run', '--messages', file]);
    expect(text).toMatch(/messages\[0\]\.content\[0\]/);
    expect(code).toBe(1);
  });

  it.each<[string, (copy: string) => void, RegExp]>([
    [
      'truncated weights',
      (copy) => truncateSync(join(copy, 'model.safetensors'), 1_000_000),
      /model\.safetensors: /,
    ],
    [
      'an unknown family',
      (copy) => setFields(join(copy, 'config.json'), { model_type: 'llava_unheard_of' }),
      /"llava_unheard_of" is not supported/,
    ],
    [
      'a template that asks for a picture which nobody gave',
      (copy) => {
        const { chat_template } = JSON.parse(
          readFileSync(join(copy, 'chat_template.json'), 'utf8'),
        );
        setFields(join(copy, 'chat_template.json'), { chat_template: `<image>${chat_template}` });
      },
      /1 image placeholder, for 0 pictures/,
    ],
    [
      'a broken template',
      (copy) => setFields(join(copy, 'chat_template.json'), { chat_template: '{% for %}' }),
      /chat_template|template/i,
    ],
  ])('%s', async (_, spoil, sentence) => {
    const copy = copyOf(TINY_TARGET);
    spoil(copy);
    const [code, text] = await refusal(['run', '--model', copy, '--draft', TINY_DRAFT, 'x']);
    expect(text).toMatch(sentence);
    expect(code).toBe(1);
  });
});

it('refuses an unknown flag with a suggestion and exit code 2', async () => {
  const { code, stdout, stderr } = await runMsd(['run', '--max-token', '5', 'x']);
  expect(stderr).toContain('Did you mean --max-tokens?');
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

it('checks ranges before it loads anything, with exit code 2', async () => {
  const [code, text] = await refusal(['run', '--model', 'none', '--top-p', '1.5', 'x']);
  expect(text).toBe('error: --top-p must be a number above 0 and at most 1.');
  expect(code).toBe(2);
});

it.skipIf(process.platform !== 'linux')(
  'refuses a device that is not there in one line, without a word of its driver',
  async () => {
    const noDriver = { VK_ICD_FILENAMES: '/no/driver', VK_DRIVER_FILES: '/no/driver' };
    const { child, outcome } = startMsd(['run', '--device', 'webgpu', 'x'], noDriver);
    child.stdin.end();
    const { code, stdout, stderr } = await outcome;
    expect(stderr).toMatch(
      /^error: Device "webgpu" can't be used: no GPU was found.*\. Use --device cpu\.\n$/,
    );
    expect(stdout).toBe('');
    expect(code).toBe(1);
  },
);
