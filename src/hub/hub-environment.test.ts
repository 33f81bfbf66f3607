import { writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../checkpoint/testing/folders.ts';
import { ConfigError } from '../contracts/errors.ts';
import { hubCache, hubEnvironment, type Variables } from './hub-environment.ts';

// Each row is what huggingface_hub 2.4 says of the same variables.
describe('the cache’s folder', () => {
  it.each<[Variables, string]>([
    [{}, join(homedir(), '.cache/huggingface/hub')],
    [{ XDG_CACHE_HOME: '/x' }, '/x/huggingface/hub'],
    [{ XDG_CACHE_HOME: '/x', HF_HOME: '/h' }, '/h/hub'],
    [{ HF_HOME: '/h', HUGGINGFACE_HUB_CACHE: '/old' }, '/old'],
    [{ HF_HOME: '/h', HUGGINGFACE_HUB_CACHE: '/old', HF_HUB_CACHE: '/c' }, '/c'],
    [{ HF_HOME: '~/h' }, join(homedir(), 'h/hub')],
    [{ HF_HOME: '$DISK/h', DISK: '/d' }, '/d/h/hub'],
    [{ HF_HUB_CACHE: `${'$'}{DISK}/c`, DISK: '/d' }, '/d/c'],
    [{ HF_HUB_CACHE: '/$NONE/c' }, '/$NONE/c'],
  ])('of %j', (env, folder) => {
    expect(hubCache(env)).toBe(folder);
  });
});

describe('the token', () => {
  const home = () => {
    const HF_HOME = tempFolder();
    writeFileSync(join(HF_HOME, 'token'), 'hf_file\n');
    return HF_HOME;
  };
  const tokenOf = (env: Variables) => hubEnvironment(env).token;

  it('is that of HF_TOKEN, without the ends of lines', () => {
    expect(tokenOf({ HF_HOME: home(), HF_TOKEN: ' hf_given\r\n' })).toBe('hf_given');
  });

  it('is else that of the file in HF_HOME', () => {
    expect(tokenOf({ HF_HOME: home() })).toBe('hf_file');
  });

  it('is that of another file if HF_TOKEN_PATH says so', () => {
    expect(tokenOf({ HF_TOKEN_PATH: join(home(), 'token') })).toBe('hf_file');
  });

  it('is none without a file', () => {
    expect(tokenOf({ HF_HOME: tempFolder() })).toBeUndefined();
  });

  it('is none where it is to be named only', () => {
    expect(tokenOf({ HF_TOKEN: 'hf_x', HF_HUB_DISABLE_IMPLICIT_TOKEN: '1' })).toBeUndefined();
  });
});

describe('the hub', () => {
  const hub = (env: Variables) => hubEnvironment({ HF_HOME: '/none', ...env });

  it('is the public one by default, asked with ten seconds of patience', () => {
    const { endpoint, stallMs, offline } = hub({});
    expect({ endpoint, stallMs, offline }).toEqual({
      endpoint: 'https://huggingface.co',
      stallMs: 10_000,
      offline: false,
    });
  });

  it('is that of HF_ENDPOINT, with its path', () => {
    expect(hub({ HF_ENDPOINT: 'https://mirror.example/hf/' }).endpoint).toBe(
      'https://mirror.example/hf',
    );
  });

  it.each(['mirror.example', 'file:///x', '::'])('is not %j', (HF_ENDPOINT) => {
    expect(() => hub({ HF_ENDPOINT })).toThrow(ConfigError);
  });

  it.each(['1', 'on', 'YES', 'True'])('is not asked where HF_HUB_OFFLINE is %s', (value) => {
    expect(hub({ HF_HUB_OFFLINE: value }).offline).toBe(true);
  });
});
