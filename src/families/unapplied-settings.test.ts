import { describe, expect, it } from 'vitest';
import { modelFolder } from '../checkpoint/model-folder.ts';
import { LLAVA_7B, LLAVA_GQA, TINY_TARGET } from '../checkpoint/testing/folders.ts';
import { CheckpointError } from '../contracts/errors.ts';
import { optionalJson } from './config-files.ts';
import { unappliedSettings } from './unapplied-settings.ts';

const settings = (json: string) =>
  unappliedSettings({ path: 'generation_config.json', value: JSON.parse(json) });

describe('unappliedSettings', () => {
  it.each([TINY_TARGET, LLAVA_GQA, LLAVA_7B])('names nothing for %s', async (dir) => {
    const file = await optionalJson(modelFolder(dir), 'generation_config.json');
    expect(unappliedSettings(file)).toEqual([]);
  });

  it('names settings and their values, in the order of the file', () => {
    const named = settings(
      '{"eos_token_id":[2,3],"repetition_penalty":1.05,"do_sample":true,"temperature":0.2,"suppress_tokens":[1,2]}',
    );
    expect(named).toEqual([
      'repetition_penalty 1.05',
      'do_sample true',
      'temperature 0.2',
      'suppress_tokens [1,2]',
    ]);
  });

  it('passes over settings that change nothing', () => {
    const named = settings(
      '{"do_sample":false,"temperature":1.0,"top_p":1.0,"repetition_penalty":1,"num_beams":1,"max_new_tokens":null}',
    );
    expect(named).toEqual([]);
  });

  it('names a setting that nobody knows, harmlessly', () => {
    const named = settings('{"new_trick":0,"\\u001b[2J":1}');
    expect(named).toEqual(['new_trick 0', '"\\u001b[2J" 1']);
  });

  it('refuses a file that is no object', () => {
    expect(() => settings('[1]')).toThrow(CheckpointError);
  });
});
