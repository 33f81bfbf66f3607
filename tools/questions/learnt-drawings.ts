import type { EmojiArtist } from '../../src/evaluate/pictures/emoji-artist.ts';
import { type EmojiConcept, isHeldOut } from '../../src/evaluate/pictures/emoji-concepts.ts';

interface Concepts {
  readonly concepts: readonly EmojiConcept[];
  readonly random: () => number;
}

export interface Drawing extends Concepts {
  /** Those that names were learnt from. */
  readonly artists: readonly (EmojiArtist & { readonly name: string })[];
}

/** What questions to learn from may speak of: none of the concepts that were held out. */
export function learntConcepts({ concepts, random }: Concepts) {
  const learnt = concepts.filter((concept) => !isHeldOut(concept));
  const any = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  return { any, concept: () => any(learnt) };
}

/** The same, and what they may show. */
export function learntDrawings({ artists, ...of }: Drawing) {
  const { any, concept: anyConcept } = learntConcepts(of);
  return {
    any,
    concept: anyConcept,
    /** A concept as one of the artists drew it. */
    async drawn() {
      for (;;) {
        const [concept, { name, picture }] = [anyConcept(), any(artists)];
        const file = await picture(concept);
        if (file !== undefined) return { concept, file, picture: `${name}-${concept.code}` };
      }
    },
  };
}
