import { modelFolder } from '../../checkpoint/model-folder.ts';
import type { PictureReader } from '../../contracts/image.ts';
import { repositoryPath } from '../../input/node/testing/read-goldens.ts';
import { createTokenizer } from '../../input/tokenizer.ts';
import { familyOf } from '../families.ts';
import { readTarget } from '../read-target.ts';

/** How the fixture of a family reads pictures once its preprocessor_config.json says something else. */
export async function openPictures(
  name: string,
  fields: Readonly<Record<string, unknown>>,
): Promise<PictureReader | undefined> {
  const folder = modelFolder(repositoryPath(`fixtures/families/${name}`));
  const { config, ...files } = await readTarget(folder);
  const { path, value } = files.preprocessor;
  const preprocessor = { path, value: { ...Object(value), ...fields } };
  const tokenizer = createTokenizer(files.tokenizer, files.tokenizerConfig);
  return familyOf(config).pictures?.(config, { preprocessor, tokenizer });
}
