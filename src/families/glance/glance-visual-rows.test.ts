import { expect, it } from 'vitest';
import { modelFolder } from '../../checkpoint/model-folder.ts';
import { visualRows } from '../../engine/answer/visual-rows.ts';
import { widenPlaceholders } from '../../input/encode-rendered.ts';
import { repositoryPath } from '../../input/node/testing/read-goldens.ts';
import { createTokenizer } from '../../input/tokenizer.ts';
import { familyOf } from '../families.ts';
import { readTarget } from '../read-target.ts';

it('gives drafts every one of its visual tokens as visual, and the words between them as words', async () => {
  const files = await readTarget(modelFolder(repositoryPath('fixtures/families/glance')));
  const { config, preprocessor } = files;
  const tokenizer = createTokenizer(files.tokenizer, files.tokenizerConfig);
  const reader = familyOf(config).pictures?.(config, { preprocessor, tokenizer });
  const layout = reader?.layout({ width: 1, height: 1 });
  if (layout === undefined || config.imageTokenId === undefined) throw new Error('it sees');
  const rendered = Int32Array.of(50, config.imageTokenId, 51);
  const { ids, spans } = widenPlaceholders(rendered, config.imageTokenId, [layout]);
  expect(spans.map(({ length }) => length)).toEqual([3, 3, 4]);

  const width = config.decoder.hiddenSize;
  const count = config.imageTokens ?? 0;
  const embeddings = { data: new Float32Array(count * width), count, width };
  for (let row = 0; row < count; row++) embeddings.data[row * width] = row;
  const pictures = [{ digest: '', embeddings }];
  // A draft reads the next token at each position.
  const rows = visualRows({ spans, pictures }, 1, ids.length);
  const places = [...ids].flatMap((id, at) => (id === config.imageTokenId ? [at - 1] : []));
  expect([...(rows?.slots ?? [])]).toEqual(places);
  const order = places.map((_, row) => rows?.embeddings.data[row * width]);
  expect(order).toEqual(places.map((_, row) => row));
});
