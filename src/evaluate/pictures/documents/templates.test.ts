import { describe, expect, it } from 'vitest';
import { createDraws } from '../draws.ts';
import type { PageFonts } from '../pages/lay-page.ts';
import { HELD_OUT_TEMPLATES } from './held-out-templates.ts';
import { SEEN_TEMPLATES } from './seen-templates.ts';
import type { DocumentTemplate } from './template.ts';

const FONTS: PageFonts = { plain: ['A', 'B'], serif: ['C'], mono: ['D'], others: ['E'] };
const SEEDS = Array.from({ length: 25 }, (_, seed) => seed);
const ALL = [...SEEN_TEMPLATES, ...HELD_OUT_TEMPLATES];

const drawn = ({ lay }: DocumentTemplate) => SEEDS.map((seed) => lay(createDraws(seed), FONTS));

describe.each(ALL.map((template) => [template.name, template] as const))('%s', (_, template) => {
  it('prints the value of every field', () => {
    for (const { sheet, fields } of drawn(template)) {
      const printed = sheet.rows.flat().map(({ text }) => text);
      const absent = fields.filter(
        ({ values: [value = '?'] }) =>
          !printed.some((text) => text.toLowerCase().includes(value.toLowerCase())),
      );
      expect(absent).toEqual([]);
    }
  });

  it('writes nothing beyond its edges', () => {
    for (const { sheet } of drawn(template)) {
      const beyond = sheet.rows
        .flat()
        .filter(({ x, y, size }) => x < 0 || x > sheet.width || y < size / 2 || y > sheet.height);
      expect(beyond).toEqual([]);
    }
  });

  it('is asked for no field twice', () => {
    for (const { fields } of drawn(template)) {
      const keys = fields.map(({ name, of = '' }) => `${name} ${of}`);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('is the same of the same seed, and another of another', () => {
    const [once, again] = [drawn(template), drawn(template)];
    expect(again).toEqual(once);
    expect(new Set(once.map((document) => JSON.stringify(document))).size).toBe(SEEDS.length);
  });
});

it('holds out a template of every kind, and none that is seen', () => {
  const kinds = (of: readonly DocumentTemplate[]) => new Set(of.map(({ kind }) => kind));
  expect(kinds(HELD_OUT_TEMPLATES)).toEqual(kinds(SEEN_TEMPLATES));
  expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
});
