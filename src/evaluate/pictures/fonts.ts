/** Fonts that pictures are set in, out of npm packages that hold Google's, under the Open Font Licence. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../../files/write-file.ts';
import { fetchPackage } from './fetch-packages.ts';
import type { PageFonts } from './pages/lay-page.ts';

/** Those that pictures for training may be set in too. */
export const SEEN_FONTS: PageFonts = {
  plain: ['Arimo', 'Lato', 'Open Sans', 'Roboto', 'PT Sans'],
  serif: ['EB Garamond', 'PT Serif', 'Merriweather'],
  mono: ['Inconsolata', 'Courier Prime', 'IBM Plex Mono', 'VT323'],
  others: ['Comic Neue'],
};

/** What scripts other than Latin, Greek and Cyrillic are set in. */
export const SCRIPT_FONTS = {
  arabic: 'Amiri',
  devanagari: 'Noto Sans Devanagari',
  japanese: 'Zen Kaku Gothic New',
  korean: 'Jua',
} as const;

const VERSIONS: Readonly<Record<string, string>> = {
  Arimo: '0.4.3',
  Lato: '0.4.1',
  'Open Sans': '0.4.2',
  Roboto: '0.4.3',
  'PT Sans': '0.4.1',
  'EB Garamond': '0.4.3',
  'PT Serif': '0.4.1',
  Merriweather: '0.4.2',
  Inconsolata: '0.4.2',
  'Courier Prime': '0.4.1',
  'IBM Plex Mono': '0.4.1',
  VT323: '0.4.1',
  'Comic Neue': '0.4.1',
  Karla: '0.4.2',
  'Work Sans': '0.4.2',
  Lora: '0.4.2',
  'Libre Baskerville': '0.4.3',
  'Space Mono': '0.4.2',
  'Share Tech Mono': '0.4.1',
  Amiri: '0.4.1',
  'Noto Sans Devanagari': '0.4.1',
  'Zen Kaku Gothic New': '0.4.1',
  Jua: '0.4.1',
};

/** Folders of a package that are drawn with. */
const WEIGHTS = ['400Regular', '700Bold'];

/**
 * Fetches the fonts and has everything that is drawn from here on set in them and in no others, on every machine the same.
 * It must stand before the first word that this process draws: fontconfig looks once.
 */
export async function openFonts(place: string, say: (line: string) => void): Promise<void> {
  const folders: string[] = [];
  for (const [family, version] of Object.entries(VERSIONS)) {
    const name = family.toLowerCase().replaceAll(' ', '-');
    const folder = await fetchPackage(place, `@expo-google-fonts/${name}@${version}`, say);
    const weights = WEIGHTS.map((weight) => join(folder, weight));
    folders.push(...weights.filter((weight) => existsSync(weight)));
  }
  const config = join(place, 'fonts.conf');
  const dirs = folders.map((folder) => `<dir>${folder}</dir>`).join('\n');
  const cache = `<cachedir>${join(place, 'fonts-cache')}</cachedir>`;
  await writeWhole(
    config,
    `<?xml version="1.0"?>\n<fontconfig>\n${dirs}\n${cache}\n</fontconfig>\n`,
  );
  process.env.FONTCONFIG_FILE = config;
  process.env.PANGOCAIRO_BACKEND = 'fontconfig'; // on macOS the system's own fonts else
}
