import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What the built page is made of, whose licences are carried with it. */
const PARTS = [
  'preact',
  'uplot',
  'idb-keyval',
  'eventsource-parser',
  '@fontsource/ibm-plex-mono',
  '@fontsource-variable/ibm-plex-sans',
  '@fontsource-variable/source-serif-4',
];

const licences: Plugin = {
  name: 'licences',
  generateBundle() {
    const texts = PARTS.map((part) => {
      const folder = here(`../node_modules/${part}`);
      const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
      if (file === undefined) throw new TypeError(`${part} has no licence`);
      return `${part}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
    });
    this.emitFile({ type: 'asset', fileName: 'licences.txt', source: texts.join('\n\n') });
  },
};

/** The page, built to be served by `msd serve`: no map, no preloading by a script that its policy would refuse. */
export default defineConfig({
  root: here('.'),
  plugins: [licences],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
});
