import { expect, it, vi } from 'vitest';
import { ConfigError } from '../contracts/errors.ts';
import { hubCache } from '../hub/hub-environment.ts';
import { homeFolder } from './home-folder.ts';

vi.mock('node:os', () => ({
  homedir() {
    throw new Error('uv_os_homedir returned ENOENT');
  },
}));

it('says what to set where a user has no home', () => {
  expect(homeFolder).toThrow(ConfigError);
  expect(homeFolder).toThrow(
    'HOME: it is not set, and this user has no home folder; set it to a folder.',
  );
});

it('is not asked for where a variable names the place', () => {
  expect(hubCache({ HF_HOME: '/models' })).toBe('/models/hub');
});
