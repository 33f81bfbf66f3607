import type { EmojiArtist } from '../../src/evaluate/pictures/emoji-artist.ts';
import { type EmojiConcept, isHeldOut } from '../../src/evaluate/pictures/emoji-concepts.ts';

export interface Drawing {
  readonly concepts: readonly EmojiConcept[];
  /** Those that names were learnt from. */
  readonly artists: readonly (EmojiArtist & { readonly name: string })[];
  readonly random: () => number;
}

/** What questions to learn from are drawn of: none of it is of a concept that was held out. */
export function learntDrawings({ concepts, artists, random }: Drawing) {
  const learnt = concepts.filter((concept) => !isHeldOut(concept));
  const any = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  return {
    any,
    concept: () => any(learnt),
    /** A concept as one of the artists drew it. */
    async drawn() {
      for (;;) {
        const [concept, { name, picture }] = [any(learnt), any(artists)];
        const file = await picture(concept);
        if (file !== undefined) return { concept, file, picture: `${name}-${concept.code}` };
      }
    },
  };
}
