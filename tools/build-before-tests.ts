import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const BUILT = /\.(tsx?|css|html|svg)$/;

/** End-to-end tests run the built program, as a user does: it is built first, unless no source is newer. */
export function setup(): void {
  const built = 'dist/cjs/package.json'; // the last file that a build writes
  const sources = ['src', 'web'].flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' }).map((path) => join(room, path)),
  );
  const product = sources.filter((path) => BUILT.test(path) && !path.endsWith('.test.ts'));
  const newest = Math.max(...product.map((path) => statSync(path).mtimeMs));
  if (existsSync(built) && statSync(built).mtimeMs > newest) return;
  execFileSync('npm', ['run', '-s', 'build'], { stdio: 'inherit' });
}
