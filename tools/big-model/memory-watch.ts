import { readFileSync } from 'node:fs';

/** The most memory of a process, as Linux counts it. */
export interface MemoryWatch {
  /** Bytes that no file backs, at most, since the last call. */
  takePeak(): number;
  stop(): void;
}

const LOOK = 50; // ms

/** Looks at this process again and again. Run what is watched in another thread, so that this one gets to look. */
export function watchMemory(): MemoryWatch {
  let peak = anonymousBytes();
  const timer = setInterval(() => {
    peak = Math.max(peak, anonymousBytes());
  }, LOOK);
  return {
    takePeak() {
      const result = Math.max(peak, anonymousBytes());
      peak = 0;
      return result;
    },
    stop: () => clearInterval(timer),
  };
}

/** Bytes of this process that no file backs. */
function anonymousBytes(): number {
  return statusBytes('RssAnon');
}

/** A line of /proc/self/status, as `VmHWM`. */
export function statusBytes(name: string): number {
  const status = readFileSync('/proc/self/status', 'utf8');
  const found = new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1];
  if (found === undefined) throw new Error(`/proc/self/status has no ${name}; this needs Linux.`);
  return Number(found) * 1024;
}
