import { existsSync } from 'node:fs';
import { readSettings, settingsFile } from '../../settings/read-settings.ts';
import { type Check, ok } from './check.ts';

/** What a file or variables set for all calls. */
export function checkSettings(): Check {
  const settings = Object.entries(readSettings(process.env)).map(
    ([key, value]) => `${key} ${value}`,
  );
  const file = settingsFile(process.env);
  const place = existsSync(file) ? `file ${file}` : `no file ${file}`;
  return ok('settings', `${settings.join(', ') || 'none'} (${place}, or MSD_* variables)`);
}
