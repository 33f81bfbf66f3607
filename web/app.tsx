import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { useStatus } from './api/use-status.ts';
import { ChatView, type Look } from './chat/chat-view.tsx';
import { latestReply } from './chat/conversation.ts';
import { newConversation, useChat } from './chat/use-chat.ts';
import { browserHistory } from './history/history.ts';
import { HistoryDialog } from './history/history-dialog.tsx';
import { PassesPanel } from './passes/passes-panel.tsx';
import { PlotsPanel } from './plots/plots-panel.tsx';
import { RaceView } from './race/race-view.tsx';
import { useRace } from './race/use-race.ts';
import { keepSettings, readSettings, type Settings } from './settings/settings.ts';
import { SettingsDialog } from './settings/settings-dialog.tsx';
import { announcement } from './shell/announcement.ts';
import { ServerStrip } from './shell/server-strip.tsx';
import { TopBar, type View } from './shell/top-bar.tsx';
import { useTheme } from './shell/use-theme.ts';

const KEY = 'msd.key';
const LATEST: Look = { turn: null, pass: null };
/** Of a server that has not said it yet. */
const PICTURE_BYTES = 20 * 2 ** 20;

export function App() {
  const history = useMemo(() => browserHistory(), []);
  const [settings, setSettingsNow] = useState(() => readSettings(localStorage));
  const [apiKey, setKeyNow] = useState(() => sessionStorage.getItem(KEY) ?? '');
  const [view, setView] = useState<View>('chat');
  const [look, setLook] = useState(LATEST);
  const [dialog, setDialog] = useState<'history' | 'settings' | null>(null);
  const setSettings = useCallback((changed: Settings) => {
    keepSettings(localStorage, changed);
    setSettingsNow(changed);
  }, []);
  const setApiKey = (key: string) => {
    sessionStorage.setItem(KEY, key);
    setKeyNow(key);
  };
  const isDark = useTheme(settings.theme);
  const known = useStatus(apiKey);
  const chat = useChat(settings, apiKey, history);
  const racing = useRace(settings, apiKey);

  useEffect(() => {
    void history.all().then(([newest]) => newest && chat.open(newest));
  }, []);

  const { turns, id } = chat.conversation;
  const shown = turns[look.turn ?? latestReply(turns)];
  const answer = shown?.role === 'assistant' ? shown.answer : null;
  const limits = {
    readsPictures: known.is === 'known' ? (known.status.engine?.reads_pictures ?? true) : true,
    pictureBytes: known.is === 'known' ? known.status.limits.picture_bytes : PICTURE_BYTES,
  };
  const theme = isDark ? 'dark' : 'light';
  const setColours = (colours: boolean) => setSettings({ ...settings, colours });
  const show = (conversation = newConversation()) => {
    chat.open(conversation);
    setLook(LATEST);
    setView('chat');
  };
  return (
    <div class="page" data-view={view}>
      <a class="skip" href="#main">
        To the conversation
      </a>
      <TopBar
        view={view}
        setView={setView}
        isDark={isDark}
        setDark={(dark) => setSettings({ ...settings, theme: dark ? 'dark' : 'light' })}
        openHistory={() => setDialog('history')}
        openSettings={() => setDialog('settings')}
        startAnew={() => show()}
      />
      <ServerStrip known={known} />
      <main id="main">
        {view === 'race' ? (
          <RaceView
            racing={racing}
            limits={limits}
            colours={settings.colours}
            setColours={setColours}
          />
        ) : (
          <>
            <ChatView
              chat={chat}
              limits={limits}
              colours={settings.colours}
              setColours={setColours}
              look={look}
              setLook={setLook}
            />
            <section class="inspector" aria-label="How it was written">
              <PassesPanel
                answer={answer}
                chosen={look.pass}
                choose={(pass) => setLook({ turn: look.turn, pass })}
              />
              <PlotsPanel answer={answer} theme={theme} />
            </section>
          </>
        )}
      </main>
      <p class="unseen" role="status">
        {announcement(turns.at(-1))}
      </p>
      {dialog === 'settings' && (
        <SettingsDialog
          settings={settings}
          setSettings={setSettings}
          apiKey={apiKey}
          setApiKey={setApiKey}
          close={() => setDialog(null)}
        />
      )}
      {dialog === 'history' && (
        <HistoryDialog
          history={history}
          open={show}
          forget={(gone) => {
            if (gone === null || gone === id) show();
          }}
          close={() => setDialog(null)}
        />
      )}
    </div>
  );
}
