import { useEffect, useState } from 'preact/hooks';
import type { Settings } from '../settings/settings.ts';

/** Sets the theme that is wanted, and says whether that is the dark one. */
export function useTheme(theme: Settings['theme']): boolean {
  const [isSystemDark, setSystemDark] = useState(() => dark().matches);
  useEffect(() => {
    const query = dark();
    const listen = () => setSystemDark(query.matches);
    query.addEventListener('change', listen);
    return () => query.removeEventListener('change', listen);
  }, []);
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
  return theme === 'system' ? isSystemDark : theme === 'dark';
}

const dark = (): MediaQueryList => matchMedia('(prefers-color-scheme: dark)');
