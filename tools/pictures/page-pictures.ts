/** The page of `msd serve` with real answers, as pictures: a chat, light, and a race, dark. */
import { basename } from 'node:path';
import type { Browser, Page } from 'playwright-core';

export interface Asked {
  readonly picture: string;
  readonly question: string;
}

/** Of an answer that takes so long, the words have a minute. */
const MINUTE = 60_000;

export async function chatPicture(
  browser: Browser,
  url: string,
  turns: readonly Asked[],
  path: string,
): Promise<void> {
  const page = await open(browser, url, { colorScheme: 'light', height: 1000 });
  for (const [index, turn] of turns.entries()) {
    await ask(page, 'Ask something', turn);
    await page
      .getByRole('article')
      .nth(2 * index + 1)
      .waitFor();
    await page.getByRole('button', { name: 'Retry' }).waitFor();
  }
  await mostKept(page);
  await finish(page, path);
}

/** Shows the pass that kept most. */
async function mostKept(page: Page): Promise<void> {
  const passes = page.locator('.reply .words [data-pass]');
  const sizes = await passes.evaluateAll((all) =>
    all.map((one) => one.querySelectorAll('.word').length),
  );
  const best = sizes.indexOf(Math.max(...sizes));
  await passes.nth(best).locator('.word').first().click();
}

export async function racePicture(
  browser: Browser,
  url: string,
  asked: Asked,
  path: string,
): Promise<void> {
  const page = await open(browser, url, { colorScheme: 'dark', height: 1090 });
  await page.getByRole('button', { name: 'Race' }).first().click();
  await ask(page, 'A question for the race', asked);
  await page.getByText(/^The same text, all \d+ tokens$/).waitFor();
  const clock = page.getByRole('slider', { name: 'Time of the race' });
  await atSpeculativeEnd(page, clock);
  await finish(page, path);
}

/** Stops the replay where the guessed text is whole and plain is still at work, or at the end where guesses lost. */
async function atSpeculativeEnd(page: Page, clock: ReturnType<Page['getByRole']>): Promise<void> {
  const length = Number(await clock.getAttribute('max'));
  const times = Number.parseFloat((await page.locator('.verdict .times').textContent()) ?? '1');
  const end = times > 1 ? length / (times - 0.005) + 1 : length; // it is shown rounded
  await clock.fill(String(end));
  await clock.blur();
}

async function ask(page: Page, field: string, { picture, question }: Asked): Promise<void> {
  await page.locator('input[type=file]').setInputFiles(picture);
  await page
    .getByRole('img', { name: basename(picture) })
    .last()
    .waitFor();
  await page.getByRole('textbox', { name: field }).fill(question);
  await page.keyboard.press('Enter');
}

interface Look {
  readonly colorScheme: 'light' | 'dark';
  /** As much as what is shown takes. */
  readonly height: number;
}

async function open(browser: Browser, url: string, { colorScheme, height }: Look): Promise<Page> {
  const viewport = { width: 1360, height };
  const context = await browser.newContext({ viewport, reducedMotion: 'reduce', colorScheme });
  const page = await context.newPage();
  page.setDefaultTimeout(MINUTE);
  await page.goto(url);
  await page.getByText('Threads').waitFor();
  return page;
}

async function finish(page: Page, path: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.waitForTimeout(2000); // the strip above asks every 1.5 s: nothing runs any more
  await page.screenshot({ path });
  await page.context().close();
}
