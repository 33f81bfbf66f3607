/** Pictures that nobody thinks of first: empty, tiny, huge, turned, in foreign scripts. */
import sharp from 'sharp';
import { createDraws } from './draws.ts';
import { SCRIPT_FONTS, SEEN_FONTS } from './fonts.ts';
import { drawPage } from './pages/draw-page.ts';
import { layPage } from './pages/lay-page.ts';
import { pictureFile } from './picture-file.ts';

export interface OddPicture {
  readonly name: string;
  readonly group: string;
  readonly picture: Uint8Array;
}

/** All of them, in fonts that fontconfig must know. */
export async function oddPictures(): Promise<OddPicture[]> {
  const groups: Readonly<Record<string, Readonly<Record<string, Promise<Uint8Array>>>>> = {
    empty: {
      white: blank(320, 240, '#ffffff'),
      black: blank(320, 240, '#000000'),
      red: blank(320, 240, '#c02020'),
      transparent: blank(320, 240, '#00000000'),
      noise: noise(160, 120),
    },
    tiny: {
      '1 × 1': blank(1, 1, '#3366cc'),
      '2 × 3': blank(2, 3, '#3366cc'),
      '1 × 300': blank(1, 300, '#3366cc'),
      '16 × 16': shape(16, 'circle', '#e0a020'),
    },
    huge: {
      '8000 × 6000': blank(8000, 6000, '#88aa88'),
      '9000 × 40': blank(9000, 40, '#88aa88'),
      '40 × 9000': blank(40, 9000, '#88aa88'),
    },
    turned: {
      'a page, a quarter': page(90),
      'a page, upside down': page(180),
      'a page, by 45 degrees': page(45),
      'a page, by its EXIF': page(0, 6),
    },
    'foreign script': Object.fromEntries(
      Object.entries(SENTENCES).map(([script, { text, font }]) => [script, words(text, font)]),
    ),
    contradicting: {
      'a red circle that says blue': shape(256, 'circle', '#cc2222', 'BLUE'),
      'a square that says circle': shape(256, 'square', '#229944', 'CIRCLE'),
      'a page that says it is empty': words('This page is empty.', 'Lato'),
    },
  };
  const all: OddPicture[] = [];
  for (const [group, pictures] of Object.entries(groups)) {
    for (const [name, picture] of Object.entries(pictures)) {
      all.push({ name: `${group}: ${name}`, group, picture: await picture });
    }
  }
  return all;
}

/** "The library is open until six o'clock.", each in its own script. */
const SENTENCES: Readonly<Record<string, { readonly text: string; readonly font: string }>> = {
  Arabic: { text: 'المكتبة مفتوحة حتى الساعة السادسة.', font: SCRIPT_FONTS.arabic },
  Cyrillic: { text: 'Библиотека открыта до шести часов.', font: 'Roboto' },
  Devanagari: { text: 'पुस्तकालय छह बजे तक खुला है।', font: SCRIPT_FONTS.devanagari },
  Greek: { text: 'Η βιβλιοθήκη είναι ανοιχτή μέχρι τις έξι.', font: 'Roboto' },
  Japanese: { text: '図書館は六時まで開いています。', font: SCRIPT_FONTS.japanese },
  Korean: { text: '도서관은 여섯 시까지 엽니다.', font: SCRIPT_FONTS.korean },
};

const blank = async (width: number, height: number, background: string): Promise<Uint8Array> =>
  new Uint8Array(
    await sharp({ create: { width, height, channels: 4, background }, limitInputPixels: false })
      .png()
      .toBuffer(),
  );

async function noise(width: number, height: number): Promise<Uint8Array> {
  const { whole } = createDraws(1);
  const data = Uint8Array.from({ length: width * height * 3 }, () => whole(0, 255));
  return pictureFile({ width, height, data });
}

async function shape(
  side: number,
  what: 'circle' | 'square',
  colour: string,
  says?: string,
): Promise<Uint8Array> {
  const [half, edge] = [side / 2, side / 8];
  const drawn =
    what === 'circle'
      ? `<circle cx="${half}" cy="${half}" r="${half - edge}" fill="${colour}"/>`
      : `<rect x="${edge}" y="${edge}" width="${side - 2 * edge}" height="${side - 2 * edge}" fill="${colour}"/>`;
  const text =
    says === undefined
      ? ''
      : `<text x="${half}" y="${half + 12}" text-anchor="middle" font-family="Lato" font-weight="bold" font-size="36" fill="#ffffff">${says}</text>`;
  return svgFile(side, side, drawn + text);
}

const words = (text: string, font: string): Promise<Uint8Array> =>
  svgFile(
    640,
    120,
    `<text x="28" y="72" font-family="${font}" font-size="32" fill="#222222">${text}</text>`,
  );

async function svgFile(width: number, height: number, inside: string): Promise<Uint8Array> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#ffffff"/>${inside}</svg>`;
  return new Uint8Array(await sharp(Buffer.from(svg)).png().toBuffer());
}

/** @param orientation as EXIF has it: 6 is to be turned a quarter to the right */
async function page(degrees: number, orientation?: number): Promise<Uint8Array> {
  const { width, height, data } = await drawPage(layPage('clean', 1, SEEN_FONTS), 1);
  const turned = sharp(data, { raw: { width, height, channels: 3 } }).rotate(degrees, {
    background: '#ffffff',
  });
  const file =
    orientation === undefined ? turned.png() : turned.jpeg().withMetadata({ orientation });
  return new Uint8Array(await file.toBuffer());
}
