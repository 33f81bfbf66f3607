import { homedir } from 'node:os';
import { ConfigError } from '../contracts/errors.ts';

/**
 * The user's folder. Users that exist only while a service runs may have none.
 * @throws ConfigError
 */
export function homeFolder(): string {
  try {
    return homedir();
  } catch (cause) {
    const problem = 'it is not set, and this user has no home folder; set it to a folder.';
    throw new ConfigError('HOME', problem, { cause });
  }
}
