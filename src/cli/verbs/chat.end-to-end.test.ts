import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../../checkpoint/testing/folders.ts';
import { passMsd, runMsd, startMsd } from '../testing/run-msd.ts';

const SQUARE = 'fixtures/tiny/images/square.png';

it('answers piped lines as turns, keeps the conversation, and re-uses what it has read', async () => {
  const lines = [
    `/image ${SQUARE}`,
    'Describe the picture.',
    'What is the background?',
    '/exit',
    'unread',
  ];
  const { stdout, stderr } = await passMsd(['chat'], `${lines.join('\n')}\n`);
  expect(stdout).toBe(
    'On a cream background there is a small green square at the bottom right.\nThe background is cream.\n',
  );
  expect(stderr).toMatch(/; prompt of 75 tokens, vision/m);
  const [, cached] = stderr.match(/; prompt of 98 tokens, (\d+) of them cached/m) ?? [];
  expect(Number(cached), 'cached tokens of the second turn').toBeGreaterThan(75);
});

it('keeps a picture whose file is gone, answers again, and saves what msd run reads', async () => {
  const folder = tempFolder();
  const [picture, saved] = [join(folder, 'my picture.png'), join(folder, 'chat.json')];
  copyFileSync(SQUARE, picture);
  const { child, until, outcome } = startMsd(['chat', '--quiet', '--system', 'Be kind.']);
  child.stdin.write(`/image ${picture.replace('my ', 'my\\ ')}\nDescribe the picture.\n`);
  await until('stdout', /\.\n/);
  rmSync(picture);
  child.stdin.end(`/retry\n/save "${saved}"\n/save "${saved}"\n/save LICENSE\n`);
  const { code, stdout, stderr } = await outcome;
  const [first, again] = stdout.trimEnd().split('\n');
  expect(again).toBe(first);
  expect(stderr).toContain('At temperature 0 the words stay the same');
  expect(stderr).toContain('error: LICENSE: there is such a file already; give another name.');
  expect(code, 'a line failed').toBe(1);
  const { messages } = JSON.parse(readFileSync(saved, 'utf8'));
  expect(messages).toEqual([
    { role: 'system', content: 'Be kind.' },
    {
      role: 'user',
      content: [
        { type: 'image_url', image_url: { url: picture } },
        { type: 'text', text: 'Describe the picture.' },
      ],
    },
    { role: 'assistant', content: first },
  ]);
});

it('shows errors in a sentence each, loses nothing, and exits with 1 in a pipe', async () => {
  const lines = [
    '/image none.png',
    '/image LICENSE',
    'x '.repeat(1500),
    '/pics',
    'Count from 3 to 5.',
  ];
  const { code, stdout, stderr } = await runMsd(['chat'], lines.join('\n'));
  expect(stdout).toBe('3, 4, 5.\n');
  expect(stderr).toContain('error: Picture none.png: there is no such file');
  expect(stderr).toContain('error: Picture LICENSE: ');
  expect(stderr).toContain("the model's context holds 1024");
  expect(stderr).toContain('/pics is not a command');
  expect(code).toBe(1);
});

it('refuses a drafter that cannot run before the first turn', async () => {
  const args = ['chat', '--model', 'models/tiny/target', '--drafter', 'eagle'];
  const { code, stderr } = await runMsd(args, 'Hello\n');
  expect(stderr).toContain('error: Drafter "eagle" can\'t run');
  expect(code).toBe(1);
});

it('stops an answer at Ctrl-C, keeps it in the conversation, and leaves at another Ctrl-C', async () => {
  const { child, until, outcome } = startMsd(['chat', '--ignore-eos', '--max-tokens', '800']);
  child.stdin.write('Tell a story.\n');
  await until('stdout', /\w/);
  child.kill('SIGINT');
  await until('stderr', /; cancelled\n/);
  child.stdin.write('Count from 3 to 5.\n');
  await until('stdout', /\n\w/);
  child.kill('SIGINT');
  await until('stderr', /(; cancelled\n[\s\S]*){2}/);
  child.kill('SIGINT');
  const { code, stderr } = await outcome;
  expect(code).toBe(130);
  expect(stderr, 'the first answer was kept').toMatch(
    /; prompt of \d+ tokens, \d+ of them cached/m,
  );
});
