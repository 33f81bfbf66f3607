const PATHS = {
  close: 'M5 5l10 10M15 5L5 15',
  picture: 'M3 4.5h14v11H3zM3 13l4-4 3.5 3.5L13 10l4 4M13.5 7.6v.01',
  history: 'M10 6v4.2l2.8 1.6M3.6 8.2A6.7 6.7 0 1 1 3.4 11M3.4 4.6v3.8h3.8',
  settings: 'M3 6h8M15 6h2M13 4v4M3 14h2M9 14h8M7 12v4',
  dark: 'M15.8 12.4A6.6 6.6 0 0 1 7.6 4.2a6.6 6.6 0 1 0 8.2 8.2z',
  fresh: 'M10 4v12M4 10h12',
} as const;

export function Icon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg class="glyph" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
