import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/**
 * Kills a child when this process is gone, however that ended: a shell waits for the end of a pipe that this process
 * holds, also beyond a signal that is sent to all of a terminal's.
 */
export function endWithThis(child: ChildProcess): void {
  if (child.pid === undefined) return; // it was not started
  const waiting = spawn('sh', ['-c', 'read -r _; kill -9 "$0"', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  waiting.unref();
  (waiting.stdin as Socket).unref();
  child.once('exit', () => waiting.kill('SIGKILL'));
}
