import { useState } from 'preact/hooks';
import type { Known } from '../api/use-status.ts';

const UNKNOWN: Readonly<Record<Exclude<Known['is'], 'known'>, string>> = {
  asking: 'Looking for the server …',
  away: 'The server does not answer.',
  locked: 'The server asks for a key: give it in the settings.',
};

/** What runs, and how busy it is. */
export function ServerStrip({ known }: { readonly known: Known }) {
  const [isWhole, setWhole] = useState(false);
  if (known.is !== 'known') {
    return (
      <p class="strip" role="status">
        {UNKNOWN[known.is]}
      </p>
    );
  }
  const { models, running, waiting, limits, engine, state } = known.status;
  return (
    <div class={isWhole ? 'strip whole' : 'strip'}>
      <dl>
        <Fact name="Model" value={models[0] ?? ''} />
        {engine === null ? (
          <Fact name="Engine" value={state} />
        ) : (
          <>
            <Fact name="Draft" value={lastOf(engine.draft) ?? 'none'} isMore />
            <Fact name="Precision" value={engine.precision} isMore />
            <Fact name="Device" value={engine.device} isMore />
            <Fact name="Threads" value={String(engine.threads)} isMore />
          </>
        )}
        <div>
          <dt>Load</dt>
          <dd>
            <meter min={0} max={limits.parallel} value={running} aria-label="Answers that run" />
            {running} of {limits.parallel}
          </dd>
        </div>
        <Fact name="Queue" value={`${waiting} of ${limits.queue}`} />
      </dl>
      <button type="button" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
        {isWhole ? 'Less' : 'More'}
      </button>
    </div>
  );
}

interface FactProps {
  readonly name: string;
  readonly value: string;
  /** Left out where there is no room, until it is asked for. */
  readonly isMore?: boolean;
}

function Fact({ name, value, isMore = false }: FactProps) {
  return (
    <div class={isMore ? 'more' : ''}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

const lastOf = (path: string | null): string | undefined =>
  path
    ?.split(/[/\\]/)
    .filter((part) => part !== '')
    .slice(-2)
    .join('/');
