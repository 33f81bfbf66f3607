import sharp from 'sharp';
import type { ChatMessage } from '../contracts/messages.ts';
import { drawScene, type Scene, type SceneShape } from './draw-scene.ts';
import type { BenchPrompt } from './prompt-set.ts';

/** The set that runs when no prompts are given: what the embedded pair was trained for, with pictures and without. */
export function embeddedPrompts(): Promise<BenchPrompt[]> {
  return Promise.all(
    TALKS.map(async ({ scene, turns }) => {
      const image = scene && (await png(scene));
      const messages = turns.map((text, index): ChatMessage => {
        const picture = index === 0 && image ? [{ type: 'image', image } as const] : [];
        return {
          role: index % 2 === 0 ? 'user' : 'assistant',
          content: [...picture, { type: 'text', text }],
        };
      });
      return { name: turns.at(-1) ?? '', images: image ? 1 : 0, messages };
    }),
  );
}

async function png(scene: Scene): Promise<Uint8Array> {
  const { data, width, height } = drawScene(scene);
  const file = await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  return new Uint8Array(file);
}

const shape = (
  size: SceneShape['size'],
  colour: SceneShape['colour'],
  kind: SceneShape['kind'],
  place: SceneShape['place'],
): SceneShape => ({ size, colour, kind, place });

/** Turns of user and assistant by turns, the user's first and last. */
const TALKS: readonly { readonly scene?: Scene; readonly turns: readonly string[] }[] = [
  {
    turns: ['Describe the picture.'],
    scene: {
      ...{ width: 96, height: 96, background: 'white' },
      shapes: [
        shape('large', 'red', 'circle', 'top left'),
        shape('small', 'blue', 'star', 'bottom right'),
      ],
    },
  },
  {
    turns: ['Tell a short story about the picture.'],
    scene: {
      ...{ width: 96, height: 96, background: 'sky' },
      shapes: [
        shape('small', 'yellow', 'triangle', 'top right'),
        shape('large', 'purple', 'square', 'bottom left'),
      ],
    },
  },
  {
    turns: ['List the shapes.'],
    scene: {
      ...{ width: 96, height: 72, background: 'cream' },
      shapes: [
        shape('small', 'green', 'bar', 'top left'),
        shape('large', 'orange', 'diamond', 'top right'),
        shape('small', 'black', 'ring', 'bottom left'),
      ],
    },
  },
  {
    turns: ['What is in this image?'],
    scene: {
      ...{ width: 72, height: 96, background: 'grey' },
      shapes: [shape('large', 'pink', 'cross', 'bottom right')],
    },
  },
  {
    turns: ['How many shapes are there?'],
    scene: {
      ...{ width: 96, height: 96, background: 'cream' },
      shapes: [
        shape('large', 'green', 'ring', 'top right'),
        shape('small', 'red', 'square', 'bottom right'),
      ],
    },
  },
  {
    turns: ['Is there a triangle?'],
    scene: {
      ...{ width: 96, height: 96, background: 'white' },
      shapes: [
        shape('large', 'black', 'star', 'top left'),
        shape('large', 'orange', 'bar', 'bottom left'),
      ],
    },
  },
  {
    turns: [
      'What is the background?',
      'The background is grey.',
      'Tell a short story about the picture.',
    ],
    scene: {
      ...{ width: 96, height: 96, background: 'grey' },
      shapes: [shape('large', 'blue', 'diamond', 'bottom left')],
    },
  },
  { turns: ['Tell a short story about a yellow diamond.'] },
  { turns: ['Write a rule about triangles.'] },
  { turns: ['Count from 7 to 15.'] },
  {
    turns: [
      'What do red and white make?',
      'When you mix red and white, you get pink.',
      'Spell the word purple.',
    ],
  },
  { turns: ['What day comes after Friday?'] },
];
