import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../contracts/errors.ts';
import { unappliedGenerationSettings } from './generation-config.ts';
import { LLAVA_7B, LLAVA_GQA, TINY_TARGET, tempFolder } from './testing/folders.ts';

function folderWith(generationConfig: string): string {
  const dir = tempFolder();
  writeFileSync(join(dir, 'generation_config.json'), generationConfig);
  return dir;
}

describe('unappliedGenerationSettings', () => {
  it.each([TINY_TARGET, LLAVA_GQA, LLAVA_7B])('names nothing for %s', async (dir) => {
    expect(await unappliedGenerationSettings(dir)).toEqual([]);
  });

  it('names settings and their values, in the order of the file', async () => {
    const dir = folderWith(
      '{"eos_token_id":[2,3],"repetition_penalty":1.05,"do_sample":true,"temperature":0.2,"suppress_tokens":[1,2]}',
    );
    expect(await unappliedGenerationSettings(dir)).toEqual([
      'repetition_penalty 1.05',
      'do_sample true',
      'temperature 0.2',
      'suppress_tokens [1,2]',
    ]);
  });

  it('passes over settings that change nothing', async () => {
    const dir = folderWith(
      '{"do_sample":false,"temperature":1.0,"top_p":1.0,"repetition_penalty":1,"num_beams":1,"max_new_tokens":null}',
    );
    expect(await unappliedGenerationSettings(dir)).toEqual([]);
  });

  it('names a setting that nobody knows, harmlessly', async () => {
    const dir = folderWith('{"new_trick":0,"\\u001b[2J":1}');
    expect(await unappliedGenerationSettings(dir)).toEqual(['new_trick 0', '"\\u001b[2J" 1']);
  });

  it('refuses a file that is no object', async () => {
    await expect(unappliedGenerationSettings(folderWith('[1]'))).rejects.toBeInstanceOf(
      CheckpointError,
    );
  });
});
