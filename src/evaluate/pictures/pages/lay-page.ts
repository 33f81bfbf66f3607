/** Pages of each kind, by a seed. */
import { createDraws, type Draws } from '../draws.ts';
import { KINDS, type Kind, type Page, type Patch, type Piece, type Sheet } from './page.ts';
import { label, sentence } from './sentences.ts';

/** Families of fonts. */
export interface PageFonts {
  readonly plain: readonly string[];
  readonly serif: readonly string[];
  /** With letters of one width. */
  readonly mono: readonly string[];
  readonly others: readonly string[];
}

const all = ({ plain, serif, mono, others }: PageFonts) => [...plain, ...serif, ...mono, ...others];

const PLAIN_PAGE = { patches: [], turn: 0, noise: 0 } as const;
const DARK = ['#000000', '#1a1a1a', '#202a44', '#3a1d1d'];
const LIGHT = ['#ffffff', '#fafafa', '#fdf8ec', '#f0f4f8'];

const LAYOUTS: Record<Kind, (draws: Draws, fonts: PageFonts) => Sheet> = {
  clean: (draws, fonts) => document(draws, fonts, draws.whole(15, 24)),
  sizes: (draws, fonts) => document(draws, fonts, 20, [11, 12, 13, 14, 18, 24, 32, 44, 60]),
  turned: (draws, fonts) => ({
    ...document(draws, fonts, draws.whole(16, 24)),
    turn: draws.between(2, 15) * draws.one([-1, 1]),
  }),
  noisy: (draws, fonts) => ({
    ...document(draws, fonts, draws.whole(16, 26)),
    noise: draws.between(15, 45),
    jpeg: draws.whole(25, 70),
  }),
  faint(draws, fonts) {
    const ground = draws.whole(120, 230);
    const ink = ground - draws.whole(28, 60);
    const page = document(draws, fonts, draws.whole(16, 24));
    const rows = page.rows.map((row) => row.map((piece) => ({ ...piece, colour: grey(ink) })));
    return { ...page, rows, ground: grey(ground) };
  },
  screen,
  receipt,
};

/** The page of a kind and a seed. */
export function layPage(kind: Kind, seed: number, fonts: PageFonts): Page {
  return {
    name: `${kind}-${seed}`,
    kind,
    ...LAYOUTS[kind](createDraws(KINDS.indexOf(kind) * 1000 + seed), fonts),
  };
}

const grey = (value: number): string => `rgb(${value},${value},${value})`;

/** Sentences under each other. */
function document(draws: Draws, fonts: PageFonts, size: number, sizes: readonly number[] = [size]) {
  const width = draws.one([640, 720, 800]);
  const font = draws.one(all(fonts));
  const colour = draws.one(DARK);
  const rows: Piece[][] = [];
  let y = draws.whole(20, 40);
  const count = draws.whole(8, 14);
  for (let row = 0; row < count; row++) {
    const own = sizes.length === 1 ? size : draws.one(sizes);
    y += own * 1.1;
    const most = Math.floor((width - 60) / (own * 0.62));
    const text = sentence(draws, Math.max(8, most - draws.whole(0, Math.floor(most / 3))));
    rows.push([{ x: 30, y, text, size: own, font, colour, ...(row === 0 && { bold: true }) }]);
    y += own * draws.between(0.45, 0.7);
  }
  return { ...PLAIN_PAGE, width, height: Math.ceil(y + 30), ground: draws.one(LIGHT), rows };
}

/** A window of a program: a bar, a menu, a list with values on the right, buttons. */
function screen(draws: Draws, { plain }: PageFonts) {
  const dark = draws.chance(0.5);
  const [ground, ink, bar] = dark
    ? ['#1e1f24', '#e6e6e6', '#30323a']
    : ['#ffffff', '#222222', '#dfe3ea'];
  const [width, font, size] = [800, draws.one(plain), draws.whole(14, 18)];
  const patches: Patch[] = [{ x: 0, y: 0, width, height: 44, colour: bar }];
  const piece = (x: number, y: number, text: string, more: Partial<Piece> = {}): Piece => ({
    ...{ x, y, text, size, font, colour: ink },
    ...more,
  });
  const rows: Piece[][] = [
    [piece(20, 28, `${label(draws, 2)} - ${label(draws, 1)}`, { bold: true })],
  ];
  rows.push([0, 1, 2, 3].map((item) => piece(20 + item * 170, 76, label(draws, 1))));
  let y = 124;
  for (let row = draws.whole(6, 9); row > 0; row--) {
    const value = draws.one([
      `${draws.whole(1, 999)} KB`,
      'On',
      'Off',
      `${draws.whole(1, 100)}%`,
      label(draws, 1),
    ]);
    rows.push([piece(40, y, label(draws, 3)), piece(width - 60, y, value, { anchor: 'end' })]);
    y += size * 2.1;
  }
  const buttons = ['Cancel', 'Save as', 'OK'].map((text, index) => ({
    text,
    x: 420 + index * 120,
  }));
  for (const { x } of buttons) {
    patches.push({ x, y: y + 8, width: 104, height: 34, colour: '#2f6fd6', round: 6 });
  }
  const white = { anchor: 'middle', colour: '#ffffff' } as const;
  rows.push(buttons.map(({ text, x }) => piece(x + 52, y + 31, text, white)));
  return { ...PLAIN_PAGE, width, height: Math.ceil(y + 70), ground, patches, rows };
}

/** A narrow slip with prices on the right. */
function receipt(draws: Draws, { mono, plain }: PageFonts) {
  const [width, font, size] = [
    draws.whole(340, 440),
    draws.one([...mono, ...plain]),
    draws.whole(15, 20),
  ];
  const [colour, step] = [draws.one(DARK), size * 1.75];
  const rows: Piece[][] = [];
  let y = 44;
  const middle = (text: string, bold = false) => {
    rows.push([{ x: width / 2, y, text, size, font, colour, anchor: 'middle', bold }]);
    y += step;
  };
  const priced = (text: string, cents: number, bold = false) => {
    const price = (cents / 100).toFixed(2);
    const common = { y, size, font, colour, bold };
    rows.push([
      { ...common, x: 24, text },
      { ...common, x: width - 24, text: price, anchor: 'end' },
    ]);
    y += step;
  };
  middle(`${label(draws, 2)} Shop`.toUpperCase(), true);
  middle(`${draws.whole(1, 200)} ${label(draws, 1)} Street`);
  middle(
    `${draws.whole(10, 28)}.${draws.whole(10, 12)}.2025 ${draws.whole(10, 19)}:${draws.whole(10, 59)}`,
  );
  let total = 0;
  for (let item = draws.whole(4, 8); item > 0; item--) {
    const cents = draws.whole(49, 4999);
    total += cents;
    priced(
      draws.chance(0.3)
        ? `${draws.whole(2, 6)} x ${label(draws, 1)}`
        : label(draws, draws.whole(1, 2)),
      cents,
    );
  }
  priced('TOTAL', total, true);
  priced('VAT 19%', Math.round(total * 0.16));
  middle(draws.one(['Thank you!', 'Card payment', 'Please come again']));
  const turn = draws.chance(0.5) ? draws.between(-6, 6) : 0;
  return {
    ...PLAIN_PAGE,
    width,
    height: Math.ceil(y + 10),
    ground: draws.one(LIGHT),
    rows,
    turn,
    noise: draws.one([0, 0, 12]),
  };
}
