import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ImageError } from '../../contracts/errors.ts';
import type { ImageSource } from '../../contracts/image.ts';
import { decodeSource } from './testing/decode-source.ts';
import { repositoryPath } from './testing/read-goldens.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);

const folder = repositoryPath('fixtures/pictures/');
const files = readdirSync(folder)
  .filter((name) => /\.(png|jpg|webp|gif)$/.test(name))
  .map((name) => readFileSync(`${folder}${name}`));

/** A real picture with some bytes overwritten, and perhaps its end cut off or repeated. */
const mutated = fc
  .record({
    file: fc.constantFrom(...files),
    edits: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 12 }),
    end: fc.double({ min: 0.1, max: 2, noNaN: true }),
    cut: fc.boolean(),
  })
  .map(({ file, edits, end, cut }) => {
    const bytes = cut
      ? Buffer.concat([file, file]).subarray(0, file.length * end)
      : Buffer.from(file);
    for (const [at, byte] of edits) bytes[at % bytes.length] = byte;
    return bytes;
  });

const mutatedUri = fc
  .tuple(
    mutated,
    fc.boolean(),
    fc.array(fc.tuple(fc.nat(), fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 4 }),
  )
  .map(([bytes, base64, edits]) => {
    const payload = base64
      ? `;base64,${bytes.toString('base64')}`
      : `,${bytes.toString('hex').replace(/../g, '%$&')}`;
    return edits.reduce((uri, [at, text]) => {
      const cut = 5 + (at % (uri.length - 4));
      return uri.slice(0, cut) + text + uri.slice(cut + 1);
    }, `data:image/png${payload}`);
  });

const headed = fc
  .tuple(
    fc.constantFrom('\x89PNG\r\n\x1a\n', '\xff\xd8\xff', 'GIF89a', 'RIFF\x40\0\0\0WEBP'),
    fc.uint8Array({ maxLength: 200 }),
  )
  .map(([head, tail]) => Buffer.concat([Buffer.from(head, 'latin1'), tail]));

describe('the image intake gives a whole picture or an ImageError', () => {
  it.each<[string, fc.Arbitrary<ImageSource>]>([
    ['random bytes', fc.uint8Array({ maxLength: 300 })],
    ['random bytes behind a signature', headed],
    ['mutated pictures', mutated],
    ['mutated data URIs', mutatedUri],
    ['random text', fc.string({ unit: 'binary' })],
  ])(
    'for %s',
    async (_, sources) => {
      await fc.assert(
        fc.asyncProperty(sources, async (source) => {
          const outcome = await decodeSource(source, { maxPixels: 1_000_000 }).catch(
            (error: unknown) => error,
          );
          if (outcome instanceof ImageError) {
            expect(outcome.message).not.toMatch(/\p{Cc}|undefined/u);
            return;
          }
          expect(outcome).not.toBeInstanceOf(Error);
          const { width, height, data } = outcome as Awaited<ReturnType<typeof decodeSource>>;
          expect(data).toHaveLength(width * height * 3);
        }),
        { numRuns },
      );
    },
    3_600_000,
  );
});
