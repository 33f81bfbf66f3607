import { execFileSync } from 'node:child_process';

/** End-to-end tests run the built program, as a user does: build it first (incremental, so mostly nothing to do). */
export function setup(): void {
  execFileSync('npx', ['tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
}
