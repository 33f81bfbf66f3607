import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

/** Why tests in a browser are skipped; empty where they are not. */
export const NO_CHROMIUM = existsSync(CHROMIUM)
  ? ''
  : ` (${CHROMIUM} is not there: apt-get install chromium)`;

/** For a machine without a screen and without a way to the net. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
