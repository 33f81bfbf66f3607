import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../shell/icon.tsx';
import type { Picture } from './conversation.ts';
import { readPictures } from './read-pictures.ts';

export interface ComposerLimits {
  readonly readsPictures: boolean;
  readonly pictureBytes: number;
}

export interface ComposerProps {
  readonly label: string;
  /** What its button says. */
  readonly action: string;
  readonly isRunning: boolean;
  readonly limits: ComposerLimits;
  readonly send: (text: string, pictures: readonly Picture[]) => void;
  readonly stop: () => void;
  /** Stands above the line. */
  readonly children?: ComponentChildren;
}

/** Where one writes, and drops, pastes or picks pictures. Enter sends, Shift+Enter breaks the line, Escape stops. */
export function Composer(props: ComposerProps) {
  const { label, action, isRunning, limits, send, stop, children } = props;
  const [text, setText] = useState('');
  const [pictures, setPictures] = useState<readonly Picture[]>([]);
  const [problem, setProblem] = useState('');
  const [isOver, setOver] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const { readsPictures, pictureBytes } = limits;

  const take = useCallback(
    async (files: Iterable<File>) => {
      if (!readsPictures) return setProblem('This model reads no pictures.');
      const { pictures: more, refused } = await readPictures(files, pictureBytes);
      setPictures((before) => [...before, ...more]);
      setProblem(refused.join(' '));
      field.current?.focus();
    },
    [readsPictures, pictureBytes],
  );

  useEffect(() => {
    const hasFiles = ({ dataTransfer }: DragEvent) =>
      dataTransfer?.types.includes('Files') === true;
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = ({ relatedTarget }: DragEvent) => {
      if (relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      void take(event.dataTransfer?.files ?? []);
    };
    const paste = (event: ClipboardEvent) => {
      const files = event.clipboardData?.files ?? [];
      if (files.length === 0) return;
      event.preventDefault();
      void take(files);
    };
    const listeners = new AbortController();
    const { signal } = listeners;
    addEventListener('dragover', over, { signal });
    addEventListener('dragleave', leave, { signal });
    addEventListener('drop', drop, { signal });
    addEventListener('paste', paste, { signal });
    return () => listeners.abort();
  }, [take]);

  const isEmpty = text.trim() === '' && pictures.length === 0;
  const submit = () => {
    if (isEmpty || isRunning) return;
    send(text, pictures);
    setText('');
    setPictures([]);
    setProblem('');
  };
  return (
    <form
      class={isOver ? 'composer over' : 'composer'}
      onSubmit={(event) => {
        event.preventDefault();
        if (isRunning) stop();
        else submit();
      }}
    >
      {children}
      <p class="problem" role="alert">
        {problem}
      </p>
      {pictures.length > 0 && (
        <ul class="attached" aria-label="Pictures to send">
          {pictures.map(({ name, url }, at) => (
            <li key={url.length + name}>
              <img src={url} alt={name} />
              <button
                type="button"
                aria-label={`Remove ${name}`}
                onClick={() => setPictures((before) => before.filter((_, place) => place !== at))}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="line">
        <input
          ref={chooser}
          class="unseen"
          type="file"
          accept="image/*"
          multiple
          tabIndex={-1}
          aria-label="Pictures"
          onChange={({ currentTarget }) => {
            void take([...(currentTarget.files ?? [])]);
            currentTarget.value = '';
          }}
        />
        <button
          type="button"
          class="icon"
          aria-label="Add a picture"
          title="Add a picture; or drop one, or paste it"
          disabled={!readsPictures}
          onClick={() => chooser.current?.click()}
        >
          <Icon name="picture" />
        </button>
        <textarea
          ref={field}
          aria-label={label}
          placeholder={label}
          rows={1}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && isRunning) stop();
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            submit();
          }}
        />
        <button type="submit" class="primary" disabled={isEmpty && !isRunning}>
          {isRunning ? 'Stop' : action}
        </button>
      </div>
      <p class="drop-here" aria-hidden="true">
        Drop it here
      </p>
    </form>
  );
}
