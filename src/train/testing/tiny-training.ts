import { fileURLToPath } from 'node:url';
import { openInputs } from '../../engine/load/load-model.ts';
import { createNodeHost } from '../../engine/node/node-host.ts';
import { readPicture } from '../../input/node/read-picture.ts';
import { readMaterial } from '../data/read-material.ts';
import { type Item, positionInSlice, sliceFiles } from '../data/testing/train-slice.ts';
import { targetNetworks } from '../target/target-networks.ts';

const path = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));

/** The trained pair, the untrained target, and weights of the reference runs. */
export const TINY = {
  target: path('models/tiny/target'),
  draft: path('models/tiny/draft'),
  untrained: path('fixtures/tiny/untrained'),
  draftBefore: path('fixtures/tiny/train/draft_init.safetensors'),
  draftAfter: path('fixtures/tiny/train/draft_after_50.safetensors'),
};

/** The reference runs' dialogues as our reader gives them. */
export async function readSlice() {
  const host = await createNodeHost({ model: TINY.target, draft: null, device: 'cpu', threads: 2 });
  const model = await openInputs(host, TINY.target);
  const settings = { validation: [], validationShare: 0, skipBad: false, maxTokens: 2048 };
  const data = { ...settings, train: [sliceFiles.t, sliceFiles.v] };
  const { training } = await readMaterial(data, model, 0);
  const dialogueOf = (item: Item) => {
    const kind = item[0] === 'v' ? training.visual : training.text;
    const found = kind[positionInSlice(item)];
    if (found === undefined) throw new Error(`the slice lost ${item.join('')}`);
    return found;
  };
  const feedsOf = async (image: string) =>
    model.pictures?.feeds(await host.decodeImage(await readPicture(image))) ?? {};
  return { host, model, networks: targetNetworks(model.files.config), feedsOf, dialogueOf };
}
