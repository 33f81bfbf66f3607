import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TINY_DRAFT, TINY_TARGET, tempFolder } from '../checkpoint/testing/folders.ts';

const hasTmux = spawnSync('tmux', ['-V']).status === 0;
const SLICE = 'fixtures/tiny/train-slice';

/** A terminal of so many columns that runs msd, which a person types into; in a shell where its jobs are of interest. */
function terminal(columns: number, command: string, shell = '') {
  const socket = join(tempFolder(), 'tmux');
  const tmux = (...args: string[]) =>
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], { encoding: 'utf8' });
  const size = ['-x', String(columns), '-y', '50'];
  const env = `XDG_CACHE_HOME=${tempFolder()} MSD_MODEL=${TINY_TARGET} MSD_DRAFT=${TINY_DRAFT}`;
  const program = `${env} ${process.execPath} dist/cli/main.js ${command}`;
  tmux('new-session', '-d', ...size, '-s', 'msd', shell || `${program}; sleep 60`);
  if (shell !== '') tmux('send-keys', '-t', 'msd', program, 'Enter');
  onTestFinished(() => void tmux('kill-server'));
  const shown = () => tmux('capture-pane', '-p', '-t', 'msd').trimEnd();
  return {
    shown,
    type: (...keys: string[]) => tmux('send-keys', '-t', 'msd', ...keys),
    paste(text: string) {
      tmux('set-buffer', text);
      tmux('paste-buffer', '-p', '-t', 'msd');
    },
    resize: (wide: number) => tmux('resize-window', '-t', 'msd', '-x', String(wide), '-y', '50'),
    /** Waits until the screen has it, line ends taken for spaces. */
    async until(pattern: RegExp): Promise<string> {
      for (let tries = 0; tries < 300; tries++) {
        const words = shown().replaceAll(/\s+/g, ' ');
        if (pattern.test(words)) return words;
        await sleep(100);
      }
      throw new Error(`the screen never had ${pattern}:\n${shown()}`);
    },
  };
}

describe.skipIf(!hasTmux)('msd chat on a terminal', () => {
  it.each([60, 80, 100, 200])(
    'shows all at %d columns, what was typed while it loaded too',
    async (columns) => {
      const { type, until } = terminal(columns, 'chat --image fixtures/tiny/images/square.png');
      type('Describe the picture.', 'Enter', 'Count from 3');
      const words = await until(/ran \S+.* > Count from 3$/);
      expect(words).toContain('yet marks green and underlined tokens were drafted');
      expect(words).toContain(
        '> Describe the picture. On a cream background there is a small green square at the bottom right. 16 tokens: 1 with the prompt',
      );
      expect(words).toMatch(/\d\.\d\d tokens per pass \d/);
      type(' to 5.', 'Enter');
      await until(/> Count from 3 to 5\. 3, 4, 5\. /);
    },
  );

  it('takes a pasted block for one message, completes a file, and is resized meanwhile', async () => {
    const { type, paste, resize, until } = terminal(100, 'chat');
    await until(/ > *$|>$/);
    for (const key of ['/im', 'Tab', 'fixtures/tiny/images/sq', 'Tab', 'Enter']) {
      type(key);
      await sleep(100);
    }
    await until(/fixtures\/tiny\/images\/square\.png goes with the next message/);
    resize(60);
    paste('Describe\nthe picture.');
    await until(/> Describe␤the picture\.$/);
    type('Enter');
    const words = await until(/ran \S+/);
    expect(words.match(/first token after/g), 'one answer').toHaveLength(1);
  });
});

describe.skipIf(!hasTmux)('Ctrl-Z in msd chat', () => {
  const SHELL = "env PS1='$ ' bash --norc --noprofile -i";
  const STOPPED = 3; // seconds

  it('stops it at the prompt, where what was typed stands again after fg', async () => {
    const { type, until } = terminal(100, 'chat', SHELL);
    await until(/target's own >$/);
    type('Count from');
    await until(/> Count from$/);
    type('C-z');
    await until(/Stopped .* \$$/);
    type('echo the shell has its terminal', 'Enter');
    await until(/\$ echo the shell has its terminal the shell has its terminal \$$/);
    type('fg', 'Enter');
    await until(/fg .* > Count from$/);
    type(' 3 to 5.', 'Enter');
    await until(/> Count from 3 to 5\. 3, 4, 5\. /);
  });

  it('stops an answer, which goes on after fg, with times as if nothing had been', async () => {
    const flags = 'chat --ignore-eos --max-tokens 900 --tree 59,5,10';
    const { type, until } = terminal(100, flags, SHELL);
    await until(/target's own >$/);
    const asked = performance.now();
    type('Describe the picture.', 'Enter');
    await until(/> Describe the picture\. \S+ \S+/);
    type('C-z');
    await until(/Stopped .* \$$/);
    await sleep(1000 * STOPPED);
    type('fg', 'Enter');
    const words = await until(/900 tokens: .* ran \S+.*>$/);
    const seconds = (performance.now() - asked) / 1000;
    const [, speed] = words.match(/([\d.]+) tokens\/s/) ?? [];
    expect(seconds - 899 / Number(speed), 'not counted').toBeGreaterThan(STOPPED);
  });
});

describe.skipIf(!hasTmux)('msd train on a terminal', () => {
  const training = (settings: string) =>
    `train draft --out ${join(tempFolder(), 'run')} model=${TINY_TARGET} data.train=${SLICE}/train_text.json,${SLICE}/train_visual.json --image-root ${SLICE}/images batch=2 threads=1 validation.decode=1 ${settings}`;

  it.each([60, 80, 100, 200])(
    'shows steps, time left and tokens per pass at %d columns',
    async (columns) => {
      const { type, until } = terminal(columns, training('steps=4000 validation.every=2000'));
      const words = await until(/\d+\/4000 .* left, \d\.\d\d tokens per pass/);
      expect(words).toMatch(/step 0, held out: loss .*, tokens per pass \d\.\d\d/);
      type('C-c');
      await until(/stopped and saved; the same command goes on from here/);
    },
  );

  it('keeps every line whole while it is resized', async () => {
    const { shown, resize, type, until } = terminal(60, training('steps=4000 validation.every=10'));
    const WIDTHS = [200, 80];
    for (const [done, wide] of WIDTHS.entries()) {
      await until(
        new RegExp(`step ${10 * (done + 1)}, held out.* left, \\d\\.\\d\\d tokens per pass`),
      );
      resize(wide);
    }
    await until(/step 40, held out.* left, \d\.\d\d tokens per pass/);
    type('C-c');
    await until(/stopped and saved/);
    const letters = shown().replaceAll(/\s/g, ''); // where lines break is the terminal's affair
    for (const step of [0, 10, 20, 30, 40]) {
      const line = new RegExp(
        `step${step},heldout:loss[\\d.]+\\(text[\\d.]+,visual[\\d.]+\\),agrees\\d+%\\(text\\d+%,visual\\d+%\\),tokensperpass[\\d.]+\\(text[\\d.]+,visual[\\d.]+\\)`,
        'g',
      );
      expect(letters.match(line), `step ${step}`).toHaveLength(1);
    }
  });
});
