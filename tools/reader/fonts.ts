import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PageFonts } from '../../src/evaluate/pictures/pages/lay-page.ts';
import { CheckFailure } from '../python/check-failure.ts';

/** Debian's packages of fonts that pages are set in, all under free licences. */
const PACKAGES = [
  'fonts-cantarell',
  'fonts-comic-neue',
  'fonts-courier-prime',
  'fonts-dejavu-core',
  'fonts-ebgaramond',
  'fonts-inconsolata',
  'fonts-lato',
  'fonts-liberation',
  'fonts-open-sans',
  'fonts-roboto-unhinted',
  'fonts-urw-base35',
] as const;

/** Families in them. */
export const DEBIAN_FONTS: PageFonts = {
  plain: ['Liberation Sans', 'Lato', 'Open Sans', 'Roboto', 'Cantarell', 'DejaVu Sans'],
  serif: ['Liberation Serif', 'EB Garamond', 'DejaVu Serif', 'C059', 'P052'],
  mono: ['Liberation Mono', 'Inconsolata', 'Courier Prime', 'DejaVu Sans Mono'],
  others: ['Comic Neue', 'Nimbus Sans'],
};

/**
 * Fetches the fonts into a folder, unpacked and not installed, and returns the file that tells fontconfig of them and of no
 * others. Needs Debian's `apt-get` and `dpkg-deb`.
 */
export function fetchFonts(folder: string, say: (line: string) => void): string {
  const config = join(folder, 'fonts.conf');
  if (existsSync(config)) return config;
  say(`Fetching fonts into ${folder}; once only …`);
  const files = join(folder, 'packages');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(files, { recursive: true });
  try {
    execFileSync('apt-get', ['download', '-q', ...PACKAGES], { cwd: files, stdio: 'ignore' });
    for (const file of readdirSync(files)) {
      execFileSync('dpkg-deb', ['--extract', join(files, file), join(folder, 'unpacked')]);
    }
  } catch (cause) {
    throw new CheckFailure(
      "The fonts can't be fetched: this needs Debian's apt-get and its archive.",
      {
        cause,
      },
    );
  }
  const shared = join(folder, 'unpacked/usr/share/fonts');
  writeFileSync(
    config,
    `<?xml version="1.0"?><fontconfig><dir>${shared}</dir><cachedir>${join(folder, 'cache')}</cachedir></fontconfig>\n`,
  );
  return config;
}
