import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, NO_CHROMIUM } from '../src/engine/testing/chromium.ts';
import { type ServedMsd, serveMsd } from '../src/serve/testing/serve-msd.ts';

const PICTURE = 'fixtures/tiny/images/large.jpg';
const QUESTION = 'What do you see?';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** A tree of so many rows, whatever pays on a machine that is busy with tests. */
const TREES = { tree: 16 };

describe.skipIf(NO_CHROMIUM)(`the page, in Chromium${NO_CHROMIUM}`, () => {
  let server: ServedMsd;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await Promise.all([serveMsd(), launchChromium()]);
  }, 60_000);
  afterAll(() => Promise.all([server.stop(), browser.close()]));

  let strangers: string[] = [];
  let complaints: string[] = [];
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(strangers).toEqual([]);
    expect(complaints).toEqual([]);
  });

  /** The page as a person finds it who never was here. */
  async function visit(
    options: BrowserContextOptions = {},
    { url } = server,
    settings: object = TREES,
  ): Promise<Page> {
    [strangers, complaints] = [[], []];
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(`${url}/`)) {
        strangers.push(request.url());
      }
    });
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (line) => {
      const isRefusal = /status of 40[01]/.test(line.text()); // which the page tells in its own words
      if (line.type() === 'error' && !isRefusal) complaints.push(line.text());
    });
    await page.addInitScript((kept) => {
      if (!localStorage.getItem('msd.settings')) localStorage.setItem('msd.settings', kept);
    }, JSON.stringify(settings));
    await page.goto(url);
    return page;
  }

  /** What comes to the page takes its time, as over a slow line: about ten words a second. */
  async function overASlowLine(page: Page): Promise<void> {
    const session = await page.context().newCDPSession(page);
    const line = { offline: false, latency: 0, uploadThroughput: -1, downloadThroughput: 9000 };
    await session.send('Network.emulateNetworkConditions', line);
  }

  const field = (page: Page) => page.getByRole('textbox', { name: 'Ask something' });
  const words = (page: Page) => page.locator('.reply .words').last();
  const textOf = async (page: Page) => (await words(page).textContent()) ?? '';
  const ended = (page: Page) => page.getByRole('button', { name: 'Retry' }).waitFor();

  async function ask(page: Page, text = QUESTION, picture = PICTURE): Promise<void> {
    await page.getByLabel('Pictures', { exact: true }).setInputFiles(picture);
    await page.getByRole('img', { name: 'large.jpg' }).last().waitFor();
    await field(page).fill(text);
    await field(page).press('Enter');
  }

  /** What the API answers without any guesses. */
  async function plainText(text = QUESTION): Promise<string> {
    const image = `data:image/jpeg;base64,${readFileSync(PICTURE).toString('base64')}`;
    const content = [
      { type: 'image_url', image_url: { url: image } },
      { type: 'text', text },
    ];
    const body = { messages: [{ role: 'user', content }], temperature: 0, msd: { plain: true } };
    const asked = { method: 'POST', body: JSON.stringify(body) };
    const answer = await (await fetch(`${server.url}/v1/chat/completions`, asked)).json();
    return (answer as { choices: [{ message: { content: string } }] }).choices[0].message.content;
  }

  /** Faults that axe finds, each with the place of its first. */
  async function faults(page: Page): Promise<string[]> {
    await page.evaluate(AXE);
    return page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
      const { violations } = await axe.run();
      return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    });
  }

  it('answers about a picture that was dropped, in the words that the model alone writes', async () => {
    const page = await visit();
    const bytes = readFileSync(PICTURE).toString('base64');
    const files = await page.evaluateHandle((data) => {
      const transfer = new DataTransfer();
      const image = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([image], 'dropped.jpg', { type: 'image/jpeg' }));
      return transfer;
    }, bytes);
    await page.dispatchEvent('body', 'drop', { dataTransfer: files });
    await page.getByRole('img', { name: 'dropped.jpg' }).waitFor();
    await page.keyboard.type(QUESTION); // the field has the focus
    await page.getByRole('button', { name: 'Send' }).click();
    await ended(page);
    expect(await textOf(page)).toBe(await plainText());
    expect(await page.locator('.reply .problem').count()).toBe(0);
    const told = page.getByRole('status').filter({ hasText: 'Answer: ' });
    expect(await told.textContent()).toContain(await plainText());
  });

  it('takes a picture that is pasted', async () => {
    const page = await visit();
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File(['<svg/>'], 'pasted.png', { type: 'image/png' }));
      dispatchEvent(new ClipboardEvent('paste', { clipboardData }));
    });
    await page.getByRole('button', { name: 'Remove pasted.png' }).click();
    expect(await page.getByRole('list', { name: 'Pictures to send' }).count()).toBe(0);
  });

  it('refuses in words what is no picture', async () => {
    const page = await visit();
    await page.getByLabel('Pictures', { exact: true }).setInputFiles('package.json');
    await page.getByRole('alert').filter({ hasText: 'package.json is not a picture.' }).waitFor();
  });

  it('marks words by who guessed them, until that is switched off', async () => {
    const page = await visit();
    await ask(page);
    await ended(page);
    const guessed = words(page).locator('.word.draft').first();
    const line = () => guessed.evaluate((word) => getComputedStyle(word).textDecorationStyle);
    const mark = () => guessed.evaluate((word) => getComputedStyle(word).backgroundColor);
    expect(await line()).toBe('solid');
    const before = await mark();
    await page.getByRole('switch', { name: 'Guessed by' }).click();
    expect(await mark()).not.toBe(before);
  });

  it('streams words, shows what the server does, and stops when asked to', async () => {
    const page = await visit();
    await overASlowLine(page);
    await ask(page, 'Tell a short story about the picture.');
    await expect.poll(() => textOf(page)).toMatch(/^Once/);
    const early = await textOf(page);
    await expect.poll(async () => (await textOf(page)).length).toBeGreaterThan(early.length);
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('· stopped').waitFor();
    const whole = await plainText('Tell a short story about the picture.');
    const text = await textOf(page);
    expect(whole.startsWith(text)).toBe(true);
    expect(text.length).toBeLessThan(whole.length);
    await page.getByRole('button', { name: 'Retry' }).click();
    await expect.poll(() => textOf(page), { timeout: 15_000 }).toBe(whole);
  });

  it('draws the tree of every pass, which one walks through by keyboard', async () => {
    const page = await visit();
    await ask(page);
    await ended(page);
    const slider = page.getByRole('slider', { name: /^Pass/ });
    const last = Number(await slider.getAttribute('max'));
    await slider.focus();
    await page.keyboard.press('Home');
    await page.getByText('The prompt’s own pass').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await slider.getAttribute('aria-valuetext')).toMatch(`Pass 2 of ${last}. After “`);
    const tree = page.locator('.inspector svg[role=img]');
    const kept = await tree.locator('.node.kept:not(.root) text').allTextContents();
    const chosen = (await words(page).locator('.chosen').textContent()) ?? '';
    expect(chosen.trim().split(' ')).toEqual(kept);
    await words(page).locator('[data-pass="1"] .word').first().click();
    expect(await slider.inputValue()).toBe('1');
  });

  it('plots what speculation gave', async () => {
    const page = await visit();
    await ask(page);
    await ended(page);
    const plots = page.getByRole('region', { name: 'Figures of the answer' });
    await plots.getByText(/^On average \d+\.\d+ tokens came of a pass, of \d+ passes\.$/).waitFor();
    expect(await plots.locator('canvas').count()).toBe(4);
    const drawn = await plots.locator('canvas').evaluateAll((all) =>
      all.map((one) => {
        const canvas = one as HTMLCanvasElement;
        const { width, height } = canvas;
        const { data } = canvas.getContext('2d')?.getImageData(0, 0, width, height) ?? { data: [] };
        return new Set(data).size;
      }),
    );
    for (const colours of drawn) expect(colours).toBeGreaterThan(8);
  });

  it('races plain against speculative to the same text', async () => {
    const page = await visit();
    await page.getByRole('button', { name: 'Race' }).first().click();
    await page.getByLabel('Pictures', { exact: true }).setInputFiles(PICTURE);
    await page.getByRole('textbox', { name: 'A question for the race' }).fill(QUESTION);
    await page.keyboard.press('Enter');
    await page.getByText(/^The same text, all \d+ tokens$/).waitFor();
    const lane = (name: string) =>
      page.getByRole('region', { name, exact: true }).locator('.words');
    const text = await plainText();
    // It is played in real time: who was slower is still writing.
    await expect.poll(() => lane('Plain').textContent()).toBe(text);
    await expect.poll(() => lane('Speculative').textContent()).toBe(text);
    expect(await faults(page)).toEqual([]);
    await page.getByRole('slider', { name: 'Time of the race' }).press('Home');
    expect(await lane('Plain').textContent()).toBe('');
    expect(await page.getByText(/^\d+\.\d\d×$/).count()).toBe(1);
  });

  it('keeps conversations over a reload, until they are cleared', async () => {
    const page = await visit();
    await ask(page);
    await ended(page);
    const text = await textOf(page);
    await page.reload();
    await expect.poll(() => textOf(page)).toBe(text);
    await page.getByRole('article', { name: 'You' }).getByRole('img').waitFor();
    await page.getByRole('button', { name: 'History' }).click();
    const dialog = page.getByRole('dialog', { name: 'History' });
    await dialog
      .getByRole('button', { name: new RegExp(`^${QUESTION.replace('?', '.')}`) })
      .waitFor();
    await dialog.getByRole('button', { name: 'Clear all' }).click();
    await dialog.getByText('Nothing is kept yet.').waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Ask about a picture.' }).waitFor();
  });

  it('keeps what was written of an answer that a reload cuts', async () => {
    const page = await visit();
    await overASlowLine(page);
    await ask(page, 'Tell a short story about the picture.');
    await expect.poll(() => textOf(page)).toMatch(/^Once upon/);
    await page.waitForTimeout(1500); // it is kept every second
    await page.reload();
    await expect.poll(() => textOf(page)).toMatch(/^Once/);
    await page.getByText('· stopped').waitFor();
  });

  it('asks under the settings, and says what the server refuses', async () => {
    const page = await visit();
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByLabel('Most tokens').fill('3');
    await page.getByLabel('Seed').fill('77');
    await page.keyboard.press('Escape');
    await ask(page);
    await page.getByText(/^3 tokens .* seed 77 · cut at its limit of tokens$/).waitFor();
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByLabel('System text').fill('word '.repeat(2000));
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Retry' }).click();
    await page
      .getByRole('alert')
      .filter({ hasText: /context|tokens/ })
      .waitFor();
  });

  it('lets in who has a key', async () => {
    const locked = await serveMsd(['--name', 'tiny'], { MSD_API_KEY: 'open-sesame' });
    try {
      const page = await visit({}, locked);
      await page.getByText('The server asks for a key').waitFor();
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByLabel('Key').fill('open-sesame');
      await page.keyboard.press('Escape');
      await page.getByText('tiny', { exact: true }).waitFor();
      await ask(page);
      await ended(page);
    } finally {
      await locked.stop();
    }
  });

  it.each<[string, BrowserContextOptions]>([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['light at 360 px', { viewport: { width: 360, height: 740 } }],
    ['dark at 360 px', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }],
  ])('has no fault of access, %s, while it answers and after', async (_, options) => {
    const page = await visit(options);
    await overASlowLine(page);
    await ask(page);
    await expect.poll(() => textOf(page)).toMatch(/^On/);
    expect(await faults(page)).toEqual([]);
    expect(await page.getByRole('button', { name: 'Stop' }).isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Settings' }).click();
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    const isNarrow = options.viewport !== undefined;
    if (isNarrow) await page.getByRole('button', { name: 'Passes' }).first().click();
    expect(await faults(page)).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide).toBe(0);
  });

  it('works by keyboard alone, at 360 px', async () => {
    const page = await visit({ viewport: { width: 360, height: 740 } });
    const tabTo = async (name: RegExp) => {
      for (let tries = 0; tries < 30; tries += 1) {
        await page.keyboard.press('Tab');
        const label = await page.evaluate(() => {
          const at = document.activeElement;
          return at?.getAttribute('aria-label') ?? at?.textContent ?? '';
        });
        if (name.test(label)) return;
      }
      throw new TypeError(`no way by Tab to ${name}`);
    };
    await tabTo(/^Ask something$/);
    await page.keyboard.type('Tell a short story about a blue star.');
    await page.keyboard.press('Enter');
    await ended(page);
    await tabTo(/^Passes$/);
    await page.keyboard.press('Enter');
    await page.getByRole('img', { name: /^After “/ }).waitFor();
    await tabTo(/^Dark$/);
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.evaluate(() => getComputedStyle(document.body).backgroundColor))
      .toBe('rgb(21, 20, 18)');
    await tabTo(/^Settings$/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Settings' }).waitFor();
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Settings',
    );
  });
});
