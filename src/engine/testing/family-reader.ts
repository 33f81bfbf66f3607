import { floatsOf } from '../../contracts/session.ts';
import type { Forward, Sequence, Step } from '../../contracts/target.ts';
import { normaliseMessages } from '../../input/messages.ts';
import { largestDifference } from '../../input/node/testing/read-goldens.ts';
import { consecutive } from '../../model/consecutive.ts';
import { chunkStep } from '../answer/chunk-step.ts';
import { embedPicture } from '../answer/embed-pictures.ts';
import { type PreparedPrompt, readPrompt } from '../answer/read-prompt.ts';
import type { Model } from '../model.ts';
import { type FamilyCase, type FamilyFixture, messagesOf } from './family-fixture.ts';

export type FamilyReader = ReturnType<typeof familyReader>;

/** How far a model, asked by the engine's own code, is from what was recorded of it: largest absolute differences. */
export function familyReader(fixture: FamilyFixture, model: Model) {
  const { pictures } = model;
  const against = (got: ArrayLike<number>, tensor: string) =>
    largestDifference(got, fixture.floats(tensor));

  function promptOf(one: FamilyCase) {
    const layouts = fixture.imagesOf(one).flatMap((image) => pictures?.layout(image) ?? []);
    return readPrompt(model, normaliseMessages(messagesOf(one)), layouts);
  }

  async function embeddingsOf(one: FamilyCase) {
    const seen: PreparedPrompt['pictures'][number][] = [];
    for (const image of fixture.imagesOf(one)) {
      seen.push({ digest: '', embeddings: await embedPicture(model, image) });
    }
    return seen;
  }

  /** Reads a whole prompt in one pass; its last 8 heads are wanted. */
  async function readWhole(one: FamilyCase): Promise<{ sequence: Sequence; forward: Forward }> {
    const prompt = { ...promptOf(one), pictures: await embeddingsOf(one) };
    const n = prompt.ids.length;
    const sequence = model.target.open();
    const heads = consecutive(8, n - 8);
    const step: Step = { ...chunkStep(sequence, prompt, 0, n, 'logits'), heads };
    const [forward] = (await model.target.forward([step])) as [Forward];
    sequence.commit(forward, consecutive(n));
    return { sequence, forward };
  }

  const ofPass = async ({ rows, logits }: Forward, name: string) => ({
    hidden: against((await model.target.read(rows)).data, `${name}.hidden`),
    logits: against(logits?.data ?? [], `${name}.logits`),
  });

  return {
    promptOf,
    pixels(one: FamilyCase): number {
      const tensor = `${one.name}.pixel_values`;
      const [count, rank] = [one.images.length, fixture.shape(tensor).length];
      const padded = rank === 5 && fixture.shape(tensor)[0] === count;
      const size = fixture.floats(tensor).length;
      const each = fixture.imagesOf(one).map((image) => {
        const pixels = floatsOf(pictures?.feeds(image) ?? {}, 'pixels');
        return padded ? withZeros(pixels, size / count) : pixels;
      });
      return against(
        each.flatMap((pixels) => [...pixels]),
        tensor,
      );
    },
    async embeddings(one: FamilyCase): Promise<number> {
      const seen = await embeddingsOf(one);
      const got = seen.flatMap(({ embeddings }) => [...embeddings.data]);
      return against(got, `${one.name}.image_features`);
    },
    async prompt(one: FamilyCase): Promise<{ hidden: number; logits: number }> {
      const { sequence, forward } = await readWhole(one);
      sequence.dispose();
      return ofPass(forward, one.name);
    },
    /** The recorded tree behind its prompt, and the position after the prompt. */
    async tree(): Promise<{ hidden: number; logits: number; root: number }> {
      const { tree, cases } = fixture;
      const one = cases.find(({ name }) => name === tree.case) as FamilyCase;
      const { sequence } = await readWhole(one);
      const root = sequence.nextPosition;
      const [ids, parents] = [Int32Array.from(tree.tokens), Int32Array.from(tree.parents)];
      const [time, height, width] = [0, 1, 2].map((axis) =>
        Int32Array.from(tree.positions, (axes) => axes[axis] as number),
      ) as [Int32Array, Int32Array, Int32Array];
      const heads = consecutive(ids.length);
      const positions = { time, height, width };
      const step: Step = { sequence, ids, parents, positions, heads, want: 'logits' };
      const [forward] = (await model.target.forward([step])) as [Forward];
      sequence.dispose();
      return { ...(await ofPass(forward, 'tree')), root };
    },
  };
}

/** The processor fills up pictures of fewer tiles than others of the same prompt. */
function withZeros(pixels: Float32Array, length: number): Float32Array {
  const filled = new Float32Array(Math.max(length, pixels.length));
  filled.set(pixels);
  return filled;
}
