import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** The page, built to be served by `msd serve`: no map, no preloading by a script that its policy would refuse. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
});
