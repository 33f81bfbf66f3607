import { counted } from '../../contracts/counted.ts';
import type { JsonObject } from './json-object.ts';
import type { TurnPart } from './turns.ts';
import { BadRecord } from './turns.ts';

/**
 * The words of a turn with a picture at each `<image>`. A placeholder takes the line break that sets it apart with it, and
 * the turn is trimmed, as LLaVA's own reader does. `next` gives the pictures in order.
 */
export function placePictures(text: string, next: () => string): TurnPart[] {
  if (!text.includes(PLACEHOLDER)) return [{ type: 'text', text }];
  const [before = '', ...behind] = text.trim().split(/<image>\n?|\n<image>$/);
  const words = (text: string): TurnPart[] => (text.trim() === '' ? [] : [{ type: 'text', text }]);
  return [
    ...words(before),
    ...behind.flatMap((text): TurnPart[] => [{ type: 'image', source: next() }, ...words(text)]),
  ];
}

const PLACEHOLDER = '<image>';

/** The pictures that a record lists under `image` or `images`: one path, or a list of them. */
export function listedPictures(record: JsonObject): readonly string[] {
  const { image, images } = record;
  if (hasValue(image) && hasValue(images)) {
    throw new BadRecord('it holds both "image" and "images"');
  }
  const key = hasValue(image) ? 'image' : 'images';
  const given = hasValue(image) ? image : hasValue(images) ? images : [];
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  return list.map((source) => {
    if (typeof source === 'string' && source !== '') return source;
    throw new BadRecord(`"${key}" must be the path of a picture or a list of such paths`);
  });
}

/** Hands the listed pictures out, one a placeholder; `finish` says so where that doesn't come out even. */
export function pictureQueue(listed: readonly string[]) {
  let taken = 0;
  return {
    next: () => listed[taken++] ?? '',
    finish(): void {
      if (taken === listed.length) return;
      throw new BadRecord(
        `its turns hold ${counted(taken, 'picture placeholder')} for ${counted(listed.length, 'listed picture')}`,
      );
    },
  };
}

const hasValue = (value: unknown) => value !== undefined && value !== null;
