import { useRef, useState } from 'preact/hooks';
import { ask } from '../api/ask.ts';
import { chatBody } from '../api/chat-body.ts';
import type { Picture, Question } from '../chat/conversation.ts';
import { drawSeed } from '../chat/use-chat.ts';
import type { Settings } from '../settings/settings.ts';
import { type Race, type RaceStep, runRace } from './run-race.ts';

export interface Racing {
  /** What was asked last. */
  readonly question: Question | null;
  readonly race: Race | null;
  /** What is measured now. */
  readonly step: RaceStep | null;
  readonly error: string | null;
  readonly start: (text: string, pictures: readonly Picture[]) => void;
  readonly stop: () => void;
}

export function useRace(settings: Settings, apiKey: string): Racing {
  const [question, setQuestion] = useState<Question | null>(null);
  const [race, setRace] = useState<Race | null>(null);
  const [step, tell] = useState<RaceStep | null>(null);
  const [error, setError] = useState<string | null>(null);
  const running = useRef<AbortController | null>(null);

  async function start(text: string, pictures: readonly Picture[]) {
    const leave = new AbortController();
    running.current = leave;
    setRace(null);
    setError(null);
    const tree = settings.tree === 'plain' ? 'auto' : settings.tree;
    const asked = { role: 'user', text, pictures } as const;
    setQuestion(asked);
    const body = chatBody([asked], { ...settings, tree }, settings.seed ?? drawSeed());
    try {
      const askNow = (wanted: typeof body) => ask(wanted, apiKey, leave.signal);
      setRace(await runRace(body, { ask: askNow, clock: () => performance.now(), tell }));
    } catch (thrown) {
      if (!leave.signal.aborted)
        setError(thrown instanceof Error ? thrown.message : String(thrown));
    } finally {
      tell(null);
      running.current = null;
    }
  }

  return {
    ...{ question, race, step, error },
    start: (text, pictures) => void start(text, pictures),
    stop: () => running.current?.abort(),
  };
}
