import { useEffect, useState } from 'preact/hooks';
import { type Conversation, titleOf } from '../chat/conversation.ts';
import { Dialog } from '../shell/dialog.tsx';
import { Icon } from '../shell/icon.tsx';
import type { History } from './history.ts';

export interface HistoryDialogProps {
  readonly history: History;
  readonly open: (conversation: Conversation) => void;
  /** What is open now is gone too. */
  readonly forget: (id: string | null) => void;
  readonly close: () => void;
}

/** Conversations kept in this browser, to open or to remove. */
export function HistoryDialog({ history, open, forget, close }: HistoryDialogProps) {
  const [kept, setKept] = useState<readonly Conversation[]>([]);
  useEffect(() => {
    void history.all().then(setKept);
  }, [history]);
  return (
    <Dialog title="History" close={close}>
      <p class="hint">Kept in this browser and nowhere else.</p>
      <ul class="kept">
        {kept.map((conversation) => (
          <li key={conversation.id}>
            <button
              type="button"
              onClick={() => {
                open(conversation);
                close();
              }}
            >
              <span>{titleOf(conversation)}</span>
              <time dateTime={new Date(conversation.changed).toISOString()}>
                {new Date(conversation.changed).toLocaleString()}
              </time>
            </button>
            <button
              type="button"
              class="icon"
              aria-label={`Remove ${titleOf(conversation)}`}
              onClick={async () => {
                await history.remove(conversation.id);
                forget(conversation.id);
                setKept(await history.all());
              }}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
      {kept.length === 0 ? (
        <p>Nothing is kept yet.</p>
      ) : (
        <button
          type="button"
          class="danger"
          onClick={async () => {
            await history.clear();
            forget(null);
            setKept([]);
          }}
        >
          Clear all
        </button>
      )}
    </Dialog>
  );
}
