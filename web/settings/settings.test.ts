import { describe, expect, it } from 'vitest';
import { keepSettings, readSettings, USUAL_SETTINGS } from './settings.ts';

function shelf(text: string | null = null) {
  let kept = text;
  return {
    getItem: () => kept,
    setItem(_: string, value: string) {
      kept = value;
    },
  };
}

describe('settings', () => {
  it('come back as they were kept', () => {
    const given = {
      ...USUAL_SETTINGS,
      system: 'Rhyme.',
      seed: 7,
      tree: 16,
      theme: 'dark',
    } as const;
    const place = shelf();
    keepSettings(place, given);
    expect(readSettings(place)).toEqual(given);
  });

  it.each([null, '', 'null', '{', '[]', '{"temperature":9,"maxTokens":-1,"tree":65,"seed":1.5}'])(
    'are as usual where %s was kept',
    (text) => {
      expect(readSettings(shelf(text))).toEqual(USUAL_SETTINGS);
    },
  );
});
