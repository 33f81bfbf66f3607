import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ImageError } from '../../contracts/errors.ts';
import type { ImageSource } from '../../contracts/image.ts';
import { decodeSource } from './testing/decode-source.ts';
import {
  goldenImage,
  largestDifference,
  readGoldens,
  repositoryPath,
} from './testing/read-goldens.ts';

// Root may read everything, so a refusal is played by the file system's stand-in.
vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof import('node:fs/promises')>();
  const stat = (path: string) =>
    path.endsWith('forbidden.png')
      ? Promise.reject(Object.assign(new Error('EACCES'), { code: 'EACCES' }))
      : real.stat(path);
  return { ...real, stat };
});

const folder = mkdtempSync(join(tmpdir(), 'msd-pictures-'));
const inFolder = (name: string) => join(folder, name);

async function refusal(source: ImageSource, limits = {}): Promise<ImageError> {
  const outcome = await decodeSource(source, limits).catch((error: unknown) => error);
  expect(outcome, 'an ImageError').toBeInstanceOf(ImageError);
  return outcome as ImageError;
}

const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 10, g: 200, b: 30 } } });

let png: Buffer;

beforeAll(async () => {
  png = await plain(4, 3).png().toBuffer();
  writeFileSync(inFolder('good.png'), png);
  writeFileSync(inFolder('empty.png'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("decoded pictures against Hugging Face's load_image", () => {
  for (const set of ['families/images', 'pictures', 'pictures-exif']) {
    const goldens = readGoldens(`fixtures/${set}/decoded.safetensors`);
    it.each([...goldens.keys()])(`reads ${set}/%s`, async (name) => {
      const expected = goldenImage(goldens, name);
      const { width, height, data } = await decodeSource(repositoryPath(`fixtures/${set}/${name}`));
      expect({ width, height }).toEqual({ width: expected.width, height: expected.height });
      // JPEG alone may differ, by the decoder's inverse DCT and chroma upsampling.
      const bound = name.endsWith('.jpg') ? 2 : 0;
      expect(largestDifference(data, expected.data)).toBeLessThanOrEqual(bound);
    });
  }
});

describe('image sources', () => {
  const green = {
    width: 4,
    height: 3,
    data: Uint8Array.from([...'x'.repeat(12)].flatMap(() => [10, 200, 30])),
  };

  it('reads a path', async () => {
    expect(await decodeSource(inFolder('good.png'))).toEqual(green);
  });

  it('reads bytes', async () => {
    expect(await decodeSource(new Uint8Array(png))).toEqual(green);
  });

  it('reads bytes in the middle of a larger buffer', async () => {
    const around = Buffer.concat([Buffer.alloc(7), png, Buffer.alloc(9)]);
    expect(await decodeSource(around.subarray(7, 7 + png.length))).toEqual(green);
  });

  it('reads a URL of a file', async () => {
    const url = pathToFileURL(inFolder('good.png')).href;
    expect(await decodeSource(url)).toEqual(green);
  });

  it('reads a blob', async () => {
    expect(await decodeSource(new Blob([new Uint8Array(png)]))).toEqual(green);
    expect(await decodeSource(new Uint8Array(png).buffer)).toEqual(green);
    expect(await decodeSource(pathToFileURL(inFolder('good.png')))).toEqual(green);
    expect(await decodeSource(new URL(`data:image/png;base64,${png.toString('base64')}`))).toEqual(
      green,
    );
  });

  const escaped = () =>
    Array.from(png, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  it.each([
    ['base64', () => `data:image/png;base64,${png.toString('base64')}`],
    ['base64 without padding', () => `data:;base64,${png.toString('base64').replace(/=+$/, '')}`],
    ['base64 in lines', () => `data:;base64,${png.toString('base64').replace(/.{20}/g, '$&\r\n')}`],
    ['escaped base64', () => `data:image/png;base64,${encodeURIComponent(png.toString('base64'))}`],
    ['capitals', () => `DATA:image/png;BASE64,${png.toString('base64')}`],
    ['percent encoding', () => `data:image/png,${escaped()}`],
  ])('reads a data URI in %s', async (_, uri) => {
    expect(await decodeSource(uri())).toEqual(green);
  });
});

describe('refused pictures', () => {
  it.each([
    ['a missing file', 'none.png', /no such file/],
    ['a path through a file', 'good.png/inner.png', /no such file/],
    ['a directory', '.', /directory/],
    ['an empty file', 'empty.png', /empty/],
    ['a file without permission', 'forbidden.png', /permission/],
    ['a path with a zero byte', 'a\0b.png', /can't be read/],
  ])('says so of %s', async (_, name, said) => {
    expect((await refusal(inFolder(name))).message).toMatch(said);
  });

  it.each([
    ['a URL', 'https://example.com/a.png', /not fetched/],
    ['a file of another machine', 'file://example.com/a.png', /on this machine/],
    ['a device', '/dev/null', /device/],
    ['a data URI without a comma', 'data:image/png;base64', /comma/],
    ['a data URI with a broken escape', 'data:image/png,%8', /hexadecimal/],
    ['a data URI with broken base64', 'data:image/png;base64,iVBO*w0K', /base64/],
    ['a data URI cut inside its base64', 'data:image/png;base64,iVBOR', /base64/],
    ['a data URI without data', 'data:image/png;base64,', /empty/],
    ['a data URI of words', 'data:,hello', /not a picture/],
    ['an empty path', '', /no such file/],
    ['words', Buffer.from('hello, world'), /not a picture/],
    ['no bytes', new Uint8Array(0), /empty/],
    ['an empty blob', new Blob([]), /empty/],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /SVG files are not read/],
    ['BMP', Buffer.from('BM012345'), /BMP files are not read/],
  ])('says so of %s', async (_, source, said) => {
    expect((await refusal(source)).message).toMatch(said);
  });

  it.each([
    ['TIFF', () => plain(4, 3).tiff()],
    ['AVIF', () => plain(16, 16).avif()],
  ])('refuses %s by its name', async (name, make) => {
    const { message } = await refusal(await make().toBuffer());
    expect(message).toContain(`${name} files are not read`);
  });

  const pictures = [
    'rgb.png',
    'progressive.jpg',
    '420.jpg',
    'lossless.webp',
    'lossy-alpha.webp',
    'plain.gif',
  ];
  it.each(pictures)('refuses %s cut in half', async (name) => {
    const whole = readFileSync(repositoryPath(`fixtures/pictures/${name}`));
    const { message } = await refusal(whole.subarray(0, whole.length / 2));
    expect(message).toMatch(/cut short/);
  });

  it('shows no control characters of a path', async () => {
    expect((await refusal('a\x1b[2Jb\n')).source).toBe('a�[2Jb�');
  });

  it('keeps the source of an error short', async () => {
    const long = [`data:,${'a'.repeat(5000)}`, `/${'b'.repeat(5000)}`, new Uint8Array(5000)];
    const lengths = await Promise.all(long.map(async (s) => (await refusal(s)).source.length));
    expect(Math.max(...lengths)).toBeLessThanOrEqual(120);
  });
});

describe('limits', () => {
  it.each<[string, () => ImageSource]>([
    ['a file', () => inFolder('good.png')],
    ['bytes', () => png],
    ['a blob', () => new Blob([new Uint8Array(png)])],
    ['a base64 data URI', () => `data:image/png;base64,${png.toString('base64')}`],
    ['a long data URI', () => `data:image/png,${'a'.repeat(10_000)}`],
  ])('refuses more bytes than allowed in %s', async (_, source) => {
    const { message } = await refusal(source(), { maxBytes: 50 });
    expect(message).toMatch(/bytes/);
  });

  it('reads as many bytes and pixels as allowed', async () => {
    const limits = { maxBytes: png.length, maxPixels: 12 };
    expect(await decodeSource(png, limits)).toMatchObject({ width: 4, height: 3 });
  });

  it.each([
    ['png', () => plain(40, 30).png()],
    ['jpeg', () => plain(40, 30).jpeg()],
    ['webp', () => plain(40, 30).webp()],
    ['gif', () => plain(40, 30).gif()],
  ])('refuses more pixels than allowed in %s', async (_, make) => {
    const { message } = await refusal(await make().toBuffer(), { maxPixels: 1199 });
    expect(message).toContain('40 × 30 pixels');
  });

  it('refuses a small file that unpacks to a vast picture', async () => {
    const bomb = Buffer.from(png);
    bomb.writeUInt32BE(50_000, 16);
    bomb.writeUInt32BE(50_000, 20);
    // The header's checksum covers the sides.
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    expect((await refusal(bomb)).message).toContain('50000 × 50000 pixels');
  });

  it('refuses a GIF whose canvas is vast and whose frame is small', async () => {
    const bomb = await plain(4, 3).gif().toBuffer();
    bomb.writeUInt16LE(60_000, 6);
    bomb.writeUInt16LE(60_000, 8);
    expect((await refusal(bomb)).message).toContain('60000 × 60000 pixels');
  });

  it('never looks at the frames behind the first', async () => {
    const frame = plain(4, 3).gif();
    const one = await frame.toBuffer();
    const noise = Buffer.concat([one.subarray(0, -1), Buffer.from('not a block at all')]);
    expect(await decodeSource(noise)).toEqual(await decodeSource(one));
  });
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
