import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';

export type PlotOptions = Pick<uPlot.Options, 'series' | 'scales' | 'axes' | 'bands'>;

export interface PlotProps {
  readonly title: string;
  /** The figure that the plot comes down to, and its unit. */
  readonly figure: string;
  readonly unit: string;
  /** In a sentence, for who does not see it. */
  readonly summary: string;
  readonly data: uPlot.AlignedData;
  /** Made once, with colours that are read when it is drawn. */
  readonly options: (colour: (name: string) => () => string) => PlotOptions;
  readonly theme: string;
  readonly children?: preact.ComponentChildren;
}

const HEIGHT = 96;

/** A small plot under its figure. It is drawn anew when its data, its width or the theme change. */
export function Plot({ title, figure, unit, summary, data, options, theme, children }: PlotProps) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(data);
  latest.current = data;

  useEffect(() => {
    const host = frame.current;
    if (host === null) return;
    const colour = (name: string) => () => colourOf(host, name);
    const { axes, ...rest } = options(colour);
    const made = new uPlot(
      {
        ...{ width: host.clientWidth || 200, height: HEIGHT, padding: [8, 16, 0, 0] },
        ...{ legend: { show: false }, cursor: { show: false }, ...rest },
        axes: (axes ?? []).map((axis) => ({
          ...{ stroke: colour('--faint'), font: '11px "IBM Plex Mono", monospace', gap: 4 },
          ...{ ticks: { show: false }, grid: { stroke: colour('--line'), width: 1 }, ...axis },
        })),
      },
      latest.current,
      host,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => {
      if (host.clientWidth > 0) made.setSize({ width: host.clientWidth, height: HEIGHT });
    });
    observer.observe(host);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [options]);

  useEffect(() => plot.current?.setData(data), [data]);
  useEffect(() => plot.current?.redraw(false), [theme]);

  return (
    <figure class="plot">
      <figcaption>
        <span class="plot-title">{title}</span>
        <span class="plot-figure">
          {figure}
          {unit !== '' && <small> {unit}</small>}
        </span>
        <span class="unseen">{summary}</span>
      </figcaption>
      <div class="plot-frame" ref={frame} aria-hidden="true" />
      {children}
    </figure>
  );
}

/** A colour of the style sheet, as a canvas takes it. */
function colourOf(host: HTMLElement, name: string): string {
  host.style.color = `var(${name})`;
  return getComputedStyle(host).color;
}
