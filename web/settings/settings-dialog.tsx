import { Dialog } from '../shell/dialog.tsx';
import { numberIn, type Settings, wholeIn } from './settings.ts';

export interface SettingsDialogProps {
  readonly settings: Settings;
  readonly setSettings: (settings: Settings) => void;
  readonly apiKey: string;
  readonly setApiKey: (key: string) => void;
  readonly close: () => void;
}

/** Whatever is set holds at once. */
export function SettingsDialog(props: SettingsDialogProps) {
  const { settings, setSettings, apiKey, setApiKey, close } = props;
  const set = (change: Partial<Settings>) => setSettings({ ...settings, ...change });
  return (
    <Dialog title="Settings" close={close}>
      <form class="fields" onSubmit={(event) => event.preventDefault()}>
        <label class="wide">
          <span>System text</span>
          <textarea
            rows={3}
            value={settings.system}
            onInput={({ currentTarget }) => set({ system: currentTarget.value })}
          />
        </label>
        <label>
          <span>Temperature</span>
          <input
            type="number"
            min={0}
            max={2}
            step={0.1}
            value={settings.temperature}
            onInput={({ currentTarget }) => {
              const temperature = numberIn(currentTarget.valueAsNumber, 0, 2);
              if (temperature !== undefined) set({ temperature });
            }}
          />
          <small>0 always takes the likeliest token.</small>
        </label>
        <label>
          <span>Seed</span>
          <input
            type="number"
            min={0}
            step={1}
            placeholder="drawn"
            value={settings.seed ?? ''}
            onInput={({ currentTarget }) =>
              set({
                seed: wholeIn(currentTarget.valueAsNumber, 0, Number.MAX_SAFE_INTEGER) ?? null,
              })
            }
          />
          <small>Empty draws one for each question.</small>
        </label>
        <label>
          <span>Most tokens</span>
          <input
            type="number"
            min={1}
            step={1}
            value={settings.maxTokens}
            onInput={({ currentTarget }) => {
              const maxTokens = wholeIn(currentTarget.valueAsNumber, 1, 1_000_000);
              if (maxTokens !== undefined) set({ maxTokens });
            }}
          />
        </label>
        <label>
          <span>Tree</span>
          <select
            value={String(settings.tree)}
            onChange={({ currentTarget: { value } }) =>
              set({ tree: value === 'auto' || value === 'plain' ? value : Number(value) })
            }
          >
            <option value="auto">as it pays</option>
            {ROWS.map((rows) => (
              <option key={rows} value={rows}>
                {rows} rows a pass
              </option>
            ))}
            <option value="plain">none: plain decoding</option>
          </select>
        </label>
        <label>
          <span>Theme</span>
          <select
            value={settings.theme}
            onChange={({ currentTarget: { value } }) =>
              set({ theme: value === 'light' || value === 'dark' ? value : 'system' })
            }
          >
            <option value="system">as the system’s</option>
            <option value="light">light</option>
            <option value="dark">dark</option>
          </select>
        </label>
        <label>
          <span>Key</span>
          <input
            type="password"
            autocomplete="off"
            value={apiKey}
            onInput={({ currentTarget }) => setApiKey(currentTarget.value)}
          />
          <small>For servers that ask for one. Forgotten with this tab.</small>
        </label>
      </form>
    </Dialog>
  );
}

const ROWS = [4, 8, 16, 32, 64];
