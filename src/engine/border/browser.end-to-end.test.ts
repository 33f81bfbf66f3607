import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERROR_EXAMPLES } from '../../contracts/testing/error-examples.ts';
import { engineOf } from '../engine.ts';
import { launchChromium, NO_CHROMIUM } from '../testing/chromium.ts';
import { resultOf } from '../testing/collect.ts';
import type { Seen } from '../testing/page.ts';
import { PAGE_REQUEST } from '../testing/page-request.ts';
import { toyModel } from '../testing/toy-model.ts';
import { toErrorData } from './error-data.ts';

/** What lets a page share memory with its worker. */
const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** A module and all it imports as one minified file. */
async function bundled(file: string): Promise<string> {
  const entry = fileURLToPath(new URL(`../testing/${file}`, import.meta.url));
  const options = {
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
  } as const;
  const { outputFiles } = await build({ ...options, entryPoints: [entry], target: 'es2022' });
  return outputFiles[0]?.text ?? '';
}

describe.skipIf(NO_CHROMIUM)(`the engine, bundled and minified, in Chromium${NO_CHROMIUM}`, () => {
  let files: Readonly<Record<string, string>> = {};
  let browser: Browser;
  beforeAll(async () => {
    files = {
      '/': '<!doctype html><script type="module" src="page.js"></script>',
      '/page.js': await bundled('page.ts'),
      '/worker.js': await bundled('page-worker.ts'),
    };
    browser = await launchChromium();
  }, 60_000);
  afterAll(() => browser.close());

  /** What a page saw that was served with these headers. */
  async function seenWith(headers: Record<string, string>): Promise<Seen> {
    const server = createServer(({ url = '/' }, response) => {
      const type = url.endsWith('.js') ? 'text/javascript' : 'text/html';
      response.writeHead(url in files ? 200 : 404, { ...headers, 'Content-Type': type });
      response.end(files[url]);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const page = await browser.newPage();
    try {
      const { port } = server.address() as AddressInfo;
      await page.goto(`http://127.0.0.1:${port}/`);
      return (await page.evaluate('globalThis.seen')) as Seen;
    } finally {
      await page.close();
      server.close();
    }
  }

  it.each([
    ['of its own origin alone, where memory is shared', ISOLATION],
    ['without isolation, where no memory is shared', {}],
  ])('runs in a page %s', async (_, headers) => {
    const { isolated, text, ids, cancelled, errors } = await seenWith(headers);
    expect(isolated).toBe(headers === ISOLATION);

    const { host, model } = toyModel();
    const here = await resultOf(engineOf(host, model), PAGE_REQUEST);
    expect({ text, ids }).toEqual({ text: here.text, ids: here.ids });

    expect(cancelled.finishReason).toBe('cancelled');
    expect(cancelled.tokens).toBeLessThan(1000);

    const wanted = ERROR_EXAMPLES.map((error) => {
      const { name, message, fields } = toErrorData(error);
      return { isOfItsClass: true, name, message, fields: JSON.parse(JSON.stringify(fields)) };
    });
    expect(JSON.parse(JSON.stringify(errors))).toEqual(wanted);
  });

  it('was tested with classes of other names than in the source', () => {
    const [name] = [...(files['/worker.js'] ?? '').matchAll(/class (\w*Error)\b/g)].flat();
    expect(name).toBeUndefined();
  });
});
