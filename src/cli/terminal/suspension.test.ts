import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createSuspension } from './suspension.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A process whose stops last until it gets a SIGCONT, on a clock that is set by hand. */
function start() {
  const time = { now: 100 };
  const kill = vi.fn();
  const process = Object.assign(new EventEmitter(), { kill });
  const resumed = vi.fn();
  return { time, kill, process, resumed, suspension: createSuspension(() => time.now, process) };
}

it('stops all that the shell started together, and tells once when it goes on', () => {
  const { time, kill, process, resumed, suspension } = start();
  suspension.suspend(resumed);
  expect(kill).toHaveBeenCalledExactlyOnceWith(0, 'SIGTSTP');
  expect(resumed).not.toHaveBeenCalled();
  time.now = 5100;
  process.emit('SIGCONT');
  process.emit('SIGCONT');
  vi.runAllTimers();
  expect(resumed).toHaveBeenCalledOnce();
  expect(suspension.since(40)).toEqual([{ at: 60, ms: 5000 }]);
  expect(suspension.since(101)).toEqual([]);
});

it('goes on where the system does not stop it', () => {
  const { resumed, suspension } = start();
  suspension.suspend(resumed);
  vi.runAllTimers();
  expect(resumed).toHaveBeenCalledOnce();
});
