/** The small checkpoints as transformers 5 saves them again (tools/transformers-5) are the models that they were. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelFolder } from '../checkpoint/model-folder.ts';
import type { TensorRef } from '../contracts/checkpoint.ts';
import type { ModelFolder } from '../contracts/model-folder.ts';
import { PICTURE_FAMILIES } from '../engine/testing/family-fixture.ts';
import {
  goldenImage,
  readGoldens,
  readJson,
  repositoryPath,
} from '../input/node/testing/read-goldens.ts';
import { createTokenizer } from '../input/tokenizer.ts';
import { familyOf } from './families.ts';
import { readTarget, type TargetFiles } from './read-target.ts';

const SAVED = 'fixtures/transformers-5';
const VERSIONS = readdirSync(repositoryPath(SAVED));

/** The files of 5 where it wrote them, with the fixture's tokenizer and, by the names of 5, its tensors. */
function savedFolder(version: string, name: string): ModelFolder {
  const saved = `${SAVED}/${version}/${name}`;
  const fixture = modelFolder(repositoryPath(`fixtures/families/${name}`));
  const written = modelFolder(repositoryPath(saved));
  const own = (file: string) => existsSync(join(written.path, file));
  const processed = own('processor_config.json') || own('preprocessor_config.json');
  return {
    ...fixture,
    path: written.path,
    json: (file) =>
      file === 'tokenizer.json' || (file === 'preprocessor_config.json' && !processed)
        ? fixture.json(file)
        : written.json(file),
    async tensors() {
      const table = await fixture.tensors();
      const names = Object.entries(readJson(`${saved}/tensors.json`) as Record<string, string>);
      return new Map(names.map(([name, was]) => [name, table.get(was) as TensorRef]));
    },
  };
}

function picturesOf({ config, preprocessor, ...files }: TargetFiles) {
  const tokenizer = createTokenizer(files.tokenizer, files.tokenizerConfig);
  const reader = familyOf(config).pictures?.(config, { preprocessor, tokenizer });
  const shapes = readGoldens('fixtures/families/images/decoded.safetensors');
  const image = goldenImage(shapes, 'wide.jpg');
  const { namedTokens, specialTokens } = tokenizer;
  return { layout: reader?.layout(image), feeds: reader?.feeds(image), namedTokens, specialTokens };
}

describe.each(VERSIONS)('saved again by transformers %s', (version) => {
  it.each(PICTURE_FAMILIES)('%s is the same model, with the same pictures', async (name) => {
    const saved = await readTarget(savedFolder(version, name));
    const fixture = await readTarget(modelFolder(repositoryPath(`fixtures/families/${name}`)));
    expect(saved.config).toEqual(fixture.config);
    expect(saved.tensors).toEqual(fixture.tensors);
    expect(picturesOf(saved)).toEqual(picturesOf(fixture));
  });
});
