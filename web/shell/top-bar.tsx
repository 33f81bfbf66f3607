import { Icon } from './icon.tsx';

export type View = 'chat' | 'passes' | 'race';

export interface TopBarProps {
  readonly view: View;
  readonly setView: (view: View) => void;
  readonly isDark: boolean;
  readonly setDark: (isDark: boolean) => void;
  readonly openHistory: () => void;
  readonly openSettings: () => void;
  readonly startAnew: () => void;
}

const VIEWS: readonly { readonly view: View; readonly label: string }[] = [
  { view: 'chat', label: 'Chat' },
  { view: 'passes', label: 'Passes' },
  { view: 'race', label: 'Race' },
];

export function TopBar(props: TopBarProps) {
  const { view, setView, isDark, setDark, openHistory, openSettings, startAnew } = props;
  return (
    <header class="top">
      <h1 class="wordmark">msd</h1>
      <nav class="views" aria-label="Views">
        {VIEWS.map(({ view: one, label }) => (
          <button
            key={one}
            type="button"
            class={`view-${one}`}
            aria-current={view === one ? 'page' : undefined}
            onClick={() => setView(one)}
          >
            {label}
          </button>
        ))}
      </nav>
      <div class="tools">
        <button type="button" class="icon" aria-label="New conversation" onClick={startAnew}>
          <Icon name="fresh" />
        </button>
        <button type="button" class="icon" aria-label="History" onClick={openHistory}>
          <Icon name="history" />
        </button>
        <button
          type="button"
          class="icon"
          aria-label="Dark"
          aria-pressed={isDark}
          onClick={() => setDark(!isDark)}
        >
          <Icon name="dark" />
        </button>
        <button type="button" class="icon" aria-label="Settings" onClick={openSettings}>
          <Icon name="settings" />
        </button>
      </div>
    </header>
  );
}
