import { useEffect, useState } from 'preact/hooks';
import { keyHeader } from './ask.ts';

/** What runs, and how busy it is: `GET /v1/msd/status`. */
interface ServerStatus {
  readonly state: string;
  readonly models: readonly string[];
  readonly running: number;
  readonly waiting: number;
  readonly limits: {
    readonly parallel: number;
    readonly queue: number;
    readonly picture_bytes: number;
  };
  readonly engine: {
    readonly model: string;
    readonly draft: string | null;
    readonly family: string;
    readonly precision: string;
    readonly device: string;
    readonly threads: number;
    readonly context_length: number;
    readonly reads_pictures: boolean;
  } | null;
}

export type Known =
  | { readonly is: 'known'; readonly status: ServerStatus }
  | { readonly is: 'asking' | 'away' | 'locked' };

/** Milliseconds between two looks. */
const TURN = 1500;

/** The server's status, looked at again and again while the page is. */
export function useStatus(apiKey: string): Known {
  const [known, setKnown] = useState<Known>({ is: 'asking' });
  useEffect(() => {
    const leave = new AbortController();
    const look = async () => {
      if (document.hidden) return;
      try {
        const { signal } = leave;
        const response = await fetch('/v1/msd/status', { headers: keyHeader(apiKey), signal });
        if (response.status === 401) setKnown({ is: 'locked' });
        else setKnown({ is: 'known', status: (await response.json()) as ServerStatus });
      } catch {
        if (!leave.signal.aborted) setKnown({ is: 'away' });
      }
    };
    void look();
    const timer = setInterval(look, TURN);
    return () => {
      clearInterval(timer);
      leave.abort();
    };
  }, [apiKey]);
  return known;
}
