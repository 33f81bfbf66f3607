import { useEffect, useState } from 'preact/hooks';

export interface Replay {
  /** Milliseconds of the race that are shown. */
  readonly ms: number;
  readonly isPlaying: boolean;
  readonly play: () => void;
  readonly pause: () => void;
  readonly seek: (ms: number) => void;
}

/** A clock that runs over a race, so many times slower. Who wants less motion sees its end at once. */
export function useReplay(length: number, slower: number): Replay {
  const [ms, seek] = useState(0);
  const [isPlaying, setPlaying] = useState(false);

  useEffect(() => {
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
    seek(isStill ? length : 0);
    setPlaying(length > 0 && !isStill);
  }, [length]);

  useEffect(() => {
    if (!isPlaying) return;
    let before = performance.now();
    let frame = requestAnimationFrame(function move(now) {
      const passed = Math.max(0, now - before) / slower;
      before = now;
      seek((so) => Math.min(length, so + passed));
      frame = requestAnimationFrame(move);
    });
    return () => cancelAnimationFrame(frame);
  }, [isPlaying, slower, length]);

  useEffect(() => {
    if (ms >= length) setPlaying(false);
  }, [ms, length]);

  return {
    ...{ ms, isPlaying },
    play() {
      if (ms >= length) seek(0);
      setPlaying(true);
    },
    pause: () => setPlaying(false),
    seek(wanted) {
      setPlaying(false);
      seek(wanted);
    },
  };
}
