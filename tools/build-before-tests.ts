import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** End-to-end tests run the built program, as a user does: it is built first, unless no source is newer. */
export function setup(): void {
  const built = 'dist/cjs/package.json'; // the last file that a build writes
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' });
  const product = sources.filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'));
  const newest = Math.max(...product.map((path) => statSync(join('src', path)).mtimeMs));
  if (existsSync(built) && statSync(built).mtimeMs > newest) return;
  execFileSync('npm', ['run', '-s', 'build'], { stdio: 'inherit' });
}
