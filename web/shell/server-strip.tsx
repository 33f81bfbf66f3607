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
      <section class="strip" aria-label="Server">
        <p role="status">{UNKNOWN[known.is]}</p>
      </section>
    );
  }
  const { models, running, waiting, limits, engine, state } = known.status;
  return (
    <section class={isWhole ? 'strip whole' : 'strip'} aria-label="Server">
      <dl>
        <Fact name="Model" value={models[0] ?? ''} kind="model" />
        {engine === null ? (
          <Fact name="Engine" value={state} />
        ) : (
          <>
            <Fact name="Draft" value={lastOf(engine.draft) ?? 'none'} kind="more" />
            <Fact name="Precision" value={engine.precision} kind="more" />
            <Fact name="Device" value={engine.device} kind="more" />
            <Fact name="Threads" value={String(engine.threads)} kind="more" />
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
    </section>
  );
}

interface FactProps {
  readonly name: string;
  readonly value: string;
  /** What is `more` is left out where there is no room, until it is asked for. */
  readonly kind?: 'model' | 'more';
}

function Fact({ name, value, kind }: FactProps) {
  return (
    <div class={kind}>
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
