import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  copyOf,
  setFields,
  TINY_DRAFT,
  TINY_TARGET,
  tempFolder,
} from '../../checkpoint/testing/folders.ts';
import { passMsd, runMsd, startMsd } from '../testing/run-msd.ts';

const TINY = { MSD_MODEL: TINY_TARGET, MSD_DRAFT: TINY_DRAFT };
const SQUARE = 'fixtures/tiny/images/square.png';
const ANSWER = 'On a cream background there is a small green square at the bottom right.';
const FOREVER = ['--ignore-eos', '--max-tokens', '900'];

interface Golden {
  readonly name: string;
  readonly input_ids: readonly number[];
  readonly greedy_ids: readonly number[];
  readonly greedy_text: string;
  readonly rounds: readonly { readonly accepted: readonly number[] }[];
}

function golden(name: string): Golden {
  const { cases }: { cases: readonly Golden[] } = JSON.parse(
    readFileSync('fixtures/tiny/cases.json', 'utf8'),
  );
  const found = cases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no golden ${name}`);
  return found;
}

/** Drafted tokens that each round kept, up to the end token: prefill gives one token, a round its kept ones and one more. */
function acceptedOf({ rounds, greedy_ids }: Golden): number[] {
  let left = greedy_ids.length - 1;
  return rounds.flatMap(({ accepted }) => {
    if (left <= 0) return [];
    const kept = Math.min(accepted.length, left);
    left -= accepted.length + 1;
    return [kept];
  });
}

describe('msd run --json', () => {
  it('prints one object that equals the golden of the official code', async () => {
    const wanted = golden('describe-square');
    const options = ['--json', '--drafter', 'msd', '--tree', '59,5,10'];
    const { stdout } = await passMsd([
      ...['run', '--image', SQUARE, 'Describe the picture.'],
      ...options,
    ]);
    const object = JSON.parse(stdout);
    const accepted = acceptedOf(wanted);
    expect(object).toMatchObject({
      text: wanted.greedy_text,
      ids: wanted.greedy_ids,
      finish_reason: 'stop',
      prompt_tokens: wanted.input_ids.length,
      passes: accepted.length,
      tokens_per_pass: (wanted.greedy_ids.length - 1) / accepted.length,
      accepted_per_pass: accepted,
      drafter: 'msd',
      tree: '59,5,10',
      precision: 'fp32 (weights F32)',
      device: 'cpu',
      trees: { '59,5,10': accepted.length },
    });
    expect(Object.keys(object).slice(0, 12)).toEqual(
      'text,ids,finish_reason,prompt_tokens,passes,tokens_per_pass,accepted_per_pass,drafter,tree,precision,device,timings'.split(
        ',',
      ),
    );
    expect(Object.keys(object.timings)).toEqual(
      'vision,prefill,target,draft,host,total,first_token'.split(','),
    );
    expect(object.timings.total).toBeGreaterThan(object.timings.target);
  });

  it('compares with plain decoding, word for word', async () => {
    const args = ['run', '--compare', '--json', '--tree', '8,4,4', 'Count from 3 to 10.'];
    const { stdout, stderr } = await passMsd(args);
    expect(stderr).toContain('ids: equal in all runs');
    expect(stderr, 'no estimate beside the measurement').not.toContain('x plain');
    const { compare } = JSON.parse(stdout);
    expect(compare).toMatchObject({ pairs: 3, equal: true });
    expect(compare.plain.tokens_per_pass).toBe(1);
    expect(compare.speculative.tokens_per_pass).toBeGreaterThan(1);
    expect(compare.speed_up.median).toBeGreaterThan(0);
  });

  it('prints a line an event with --json-lines, and all of it in the last', async () => {
    const { stdout } = await passMsd([
      'run',
      '--json-lines',
      '--tree',
      '8,4,4',
      'Count from 3 to 5.',
    ]);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const tokens = lines.filter(({ type }) => type === 'token');
    const done = lines.at(-1);
    expect(lines[0]).toMatchObject({ type: 'start', drafter: 'msd', tree: '8,4,4' });
    expect(lines.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['start', 'prefill', 'token', 'done']),
    );
    expect(done).toMatchObject({ type: 'done', text: '3, 4, 5.', finish_reason: 'stop' });
    expect(tokens.map(({ id }) => id)).toEqual(done.ids);
    expect(tokens.map(({ text }) => text).join('')).toBe(done.text);
  });

  it('refuses a full context with its numbers and a code, in JSON too', async () => {
    const { code, stdout, stderr } = await runMsd(['run', '--json', 'word '.repeat(600)]);
    expect(code).toBe(1);
    const { error } = JSON.parse(stdout);
    expect(error.code).toBe('context_length_exceeded');
    expect(error.message).toMatch(
      /^The prompt has 1\d{3} tokens, but the model's context holds 1024/,
    );
    expect(stderr).toBe(`error: ${error.message}\n`);
  });

  it('says that the context is full where that ends an answer', async () => {
    const args = ['run', '--ignore-eos', '--max-tokens', '5000', 'word '.repeat(490)];
    const { stderr } = await passMsd(args);
    expect(stderr).toMatch(/; ended by the full context of 1024 tokens$/m);
  });

  it('ends at the limit of tokens, end token or not', async () => {
    const args = ['run', '--json', '--ignore-eos', '--max-tokens', '40', '--seed', '7'];
    const sampling = ['--temperature', '0.7', '--top-p', '0.9', '--top-k', '40', '--min-p', '0.01'];
    const { stdout } = await passMsd([...args, ...sampling, 'Count from 3 to 5.']);
    const { ids, finish_reason } = JSON.parse(stdout);
    expect(ids).toHaveLength(40);
    expect(finish_reason).toBe('length');
  });
});

describe('msd run', () => {
  it('gives a pipe exactly the answer, and tells the rest on stderr', async () => {
    const args = ['run', '--image', SQUARE, '--tree', '16,5,6', '-'];
    const { stdout, stderr } = await passMsd(args, 'Describe the picture.\n');
    expect(stdout).toBe(ANSWER);
    expect(stderr).toMatch(/^draft .*models\/tiny\/draft; drafter msd$/m);
    expect(stderr).toMatch(/^runs +on cpu, \d+ threads?$/m);
    expect(stderr).toMatch(/^mode +speculative, tree 16,5,6$/m);
    expect(stderr).toMatch(
      /^16 tokens: 1 with the prompt, 15 in \d passes, \d\.\d\d tokens per pass\n\d+\.\d tokens\/s, first token after .* ms; prompt of 75 tokens, .*\ntarget .* ms, draft .* ms, host .* ms\nran msd: \d with tree 16,5,6\n$/m,
    );
    expect(stderr, 'no marks in a pipe').not.toContain('\u{1b}');
  });

  it('says how auto begins, promising nothing of a draft that was not seen, and in the end what ran', async () => {
    const { stderr } = await passMsd(['run', 'Count from 3 to 5.']);
    expect(stderr).toMatch(
      /^mode +auto: (plain at first: trees of about \d+ rows|trees of about \d+ rows first: they) take .*; no draft was seen yet$/m,
    );
    expect(stderr).toMatch(
      /^ran (plain decoding: no pass was drafted|msd\+recycled: .*; msd was asked in \d+)\n$/m,
    );
  });

  it('says that plain decoding was asked for', async () => {
    const { stderr } = await passMsd(['run', '--drafter', 'none', 'Count from 3 to 5.']);
    expect(stderr).toMatch(/^mode +plain decoding$/m);
    expect(stderr).toMatch(/^ran plain decoding\n$/m);
  });

  it('says nothing but the answer with --quiet, errors excepted', async () => {
    const { stdout, stderr } = await passMsd(['run', '--quiet', 'Count from 3 to 5.']);
    expect({ stdout, stderr }).toEqual({ stdout: '3, 4, 5.', stderr: '' });
    const failed = await runMsd(['run', '-q', '--image', 'none.png', 'What?']);
    expect(failed.stderr).toContain('none.png: there is no such file');
  });

  it('reads messages from a file, in an object too, and says which keys it leaves aside', async () => {
    const file = join(tempFolder(), 'messages.json');
    const picture = { type: 'image_url', image_url: { url: SQUARE } };
    const words = { type: 'text', text: 'Describe the picture.' };
    const messages = [{ role: 'user', content: [picture, words] }];
    writeFileSync(file, JSON.stringify({ model: 'any', messages }));
    const { stdout, stderr } = await passMsd(['run', '--messages', file]);
    expect(stdout).toBe(ANSWER);
    expect(stderr).toContain('only "messages" is read, not model.');
  });

  it('puts what a shell pipes behind the prompt, and reads messages from there', async () => {
    const pipe = (input: string, command: string) =>
      execFileSync(
        'sh',
        [
          '-c',
          `printf '%s' "$1" | "$2" dist/cli/main.js ${command} 2>&1`,
          'sh',
          input,
          process.execPath,
        ],
        { encoding: 'utf8', env: { ...process.env, ...TINY } },
      );
    expect(pipe('to 5.', "run 'Count from 3'")).toContain(
      '5 characters of standard input go behind the prompt.',
    );
    const messages = JSON.stringify([{ role: 'user', content: 'Count from 3 to 5.' }]);
    expect(pipe(messages, 'run --quiet --messages -')).toBe('3, 4, 5.');
  });

  it('ends before a stop text', async () => {
    const stops = ['--stop', 'never said', '--stop', ' green'];
    const { stdout } = await passMsd(['run', '--image', SQUARE, ...stops, 'Describe the picture.']);
    expect(stdout).toBe(ANSWER.slice(0, ANSWER.indexOf(' green')));
  });

  it('names the settings of generation_config.json that it does not apply', async () => {
    const copy = copyOf(TINY_TARGET);
    setFields(join(copy, 'generation_config.json'), { repetition_penalty: 1.2 });
    const { stderr } = await passMsd(['run', '--model', copy, 'Count from 3 to 5.']);
    expect(stderr).toMatch(
      /^note +generation_config\.json: repetition_penalty 1\.2 is not applied$/m,
    );
    expect(stderr, 'another model comes without the embedded draft').toContain(
      'none; drafter recycled',
    );
  });

  it('leaves the text so far after Ctrl-C, and exits with 130', async () => {
    const { child, until, outcome } = startMsd(['run', ...FOREVER, 'Tell a story.']);
    await until('stdout', /(\w+\W+){12}/); // more than one pass writes
    child.kill('SIGINT');
    const { code, stdout, stderr } = await outcome;
    expect(code).toBe(130);
    expect(stdout.length).toBeGreaterThan(0);
    expect(stderr).toMatch(/\d+ tokens: .* passes[\s\S]*; cancelled$/m);
  });

  it('prints the object after Ctrl-C too', async () => {
    const { child, until, outcome } = startMsd(['run', '--json', ...FOREVER, 'Tell a story.']);
    await until('stderr', /^mode/m);
    child.kill('SIGINT');
    const { code, stdout } = await outcome;
    expect(code).toBe(130);
    const { finish_reason, ids } = JSON.parse(stdout);
    expect(finish_reason).toBe('cancelled');
    expect(ids.length).toBeLessThan(900);
  });

  it('exits with 143 when it is terminated', async () => {
    const { child, until, outcome } = startMsd(['run', ...FOREVER, 'Tell a story.']);
    await until('stdout', /\w/);
    child.kill('SIGTERM');
    expect((await outcome).code).toBe(143);
  });

  it('ends quietly when nobody reads on', async () => {
    const { child, until, outcome } = startMsd(['run', ...FOREVER, 'Tell a story.']);
    await until('stdout', /\w/);
    child.stdout.destroy();
    const { code, stderr } = await outcome;
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/EPIPE|bug/);
  });
});

describe('msd run with a form', () => {
  it('answers as a schema has it, and refuses by its place what can not be kept', async () => {
    const schema = join(tempFolder(), 'schema.json');
    const shape = { enum: ['circle', 'square'] };
    writeFileSync(schema, JSON.stringify({ properties: { shape }, required: ['shape'] }));
    const { stdout } = await passMsd(['run', '--schema', schema, '--image', SQUARE, 'What is it?']);
    expect(['circle', 'square']).toContain((JSON.parse(stdout) as { shape: string }).shape);

    writeFileSync(schema, JSON.stringify({ properties: { shape: { not: {} } } }));
    const refused = await runMsd(['run', '--schema', schema, 'What is it?']);
    expect(refused.stderr).toContain('Schema #/properties/shape: not is not supported');
    expect([refused.code, refused.stdout]).toEqual([1, '']);
  });

  it('takes one form at a time', async () => {
    const { code, stderr } = await runMsd(['run', '--json-object', '--regex', 'a', 'Hi']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('cannot be used with')]);
  });
});
