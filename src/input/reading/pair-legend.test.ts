import { describe, expect, it } from 'vitest';
import { pairLegend } from './pair-legend.ts';
import { line } from './testing/line.ts';
import { BLUE, GREEN, pie, RED, type Rgb } from './testing/pie.ts';

const SLICES = [
  { colour: RED, share: 0.5, number: '50' },
  { colour: BLUE, share: 0.3, number: '30' },
  { colour: GREEN, share: 0.2, number: '20' },
];

type Drawn = ReturnType<typeof pie>;
const pairs = ({ image, names, numbers }: Drawn) =>
  pairLegend([[line('Votes', 100, 0)], ...[...numbers, ...names].map((one) => [one])], image)?.map(
    ({ name, number }) => `${name.text} ${number.text}`,
  ) ?? null;

const legend: (readonly [string, Rgb])[] = [
  ['Green', GREEN],
  ['Red', RED],
  ['Blue', BLUE],
];

describe('pairLegend', () => {
  it('gives each name the number at its colour, in whatever order they stand', () => {
    expect(pairs(pie(SLICES, legend))).toEqual(['Green 20', 'Red 50', 'Blue 30']);
  });

  it('leaves out what a patch was read as', () => {
    const drawn = pie(SLICES, legend);
    const names = drawn.names.map((name) => ({ ...name, text: `■${name.text}` }));
    expect(pairs({ ...drawn, names })).toEqual(['Green 20', 'Red 50', 'Blue 30']);
  });

  const parts = [
    { colour: RED, share: 0.25, number: '25' },
    { colour: BLUE, share: 0.35, number: '35' },
    { colour: GREEN, share: 0.1, number: '10' },
    { colour: RED, share: 0.3, number: '30' },
  ];
  it('goes round, where names share a colour', () => {
    const inOrder = pie(
      parts,
      parts.map(({ colour, number }) => [`of ${number}`, colour]),
    );
    expect(pairs(inOrder)).toEqual(['of 25 25', 'of 35 35', 'of 10 10', 'of 30 30']);
    const backwards = [...parts].reverse();
    const names = backwards.map(({ colour, number }) => [`of ${number}`, colour] as const);
    expect(pairs(pie(parts, names))).toEqual(['of 30 30', 'of 10 10', 'of 35 35', 'of 25 25']);
  });

  const alternating = pie(
    [RED, BLUE, RED, BLUE].map((colour, at) => ({ colour, share: 0.25, number: `${at + 1}` })),
    [RED, BLUE, RED, BLUE].map((colour, at) => [`name ${at}`, colour]),
  );
  it.each<[string, Drawn]>([
    ['there is no legend', pie(SLICES, [])],
    ['names share colours and nothing tells where they begin', alternating],
    [
      'a number is missing',
      { ...pie(SLICES, legend), numbers: pie(SLICES, legend).numbers.slice(1) },
    ],
    [
      'a name has a colour that nothing else has',
      pie(SLICES, [...legend.slice(1), ['Grey', [120, 120, 120]]]),
    ],
    ['there are two names', pie(SLICES.slice(0, 2), legend.slice(1))],
  ])('finds none where %s', (_, drawn) => {
    expect(pairs(drawn)).toBeNull();
  });
});
