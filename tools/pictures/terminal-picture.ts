/** A run of the built program on a terminal, as a picture. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { screenHtml } from './screen-html.ts';

const COLUMNS = 104;
const STYLE = `
  body { margin: 0; background: #000 }
  pre { margin: 0; padding: 22px; width: fit-content; color: #eee; font: 15px/20px 'DejaVu Sans Mono', monospace }
  .green { color: #2fd62f }
  .underlined { text-decoration: underline }
`;

/** @param command of a shell, shown as it is run */
export async function terminalPicture(
  browser: Browser,
  command: string,
  path: string,
): Promise<void> {
  const html = screenHtml(onTerminal(command)).trimEnd();
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
  const prompt = screenHtml(`$ ${command}`);
  await page.setContent(`<style>${STYLE}</style><pre>${prompt}\n${html}\n$</pre>`);
  await page.locator('pre').screenshot({ path });
  await page.close();
}

/** What a program sends to a terminal so wide; util-linux's `script` is one. */
function onTerminal(command: string): string {
  const log = join(tmpdir(), `msd-screen-${process.pid}`);
  try {
    const wide = `stty cols ${COLUMNS} rows 40; ${command}`;
    execFileSync('script', ['-qec', wide, log], { stdio: ['ignore', 'ignore', 'inherit'] });
    const [, ...lines] = readFileSync(log, 'utf8').split('\n'); // the first says when and where
    return lines.join('\n').replace(/\nScript done on [^\n]*\n$/, '');
  } finally {
    rmSync(log, { force: true });
  }
}
