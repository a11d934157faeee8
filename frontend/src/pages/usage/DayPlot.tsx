import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { joinClasses } from "../../ui/classes";
import { formatUtcDay } from "./format-usage";
import { findTop } from "./plot-scale";
import styles from "./plots.module.css";

const HEIGHT = 100;
const GAP = 0.22;
/** Of a bar or a point that is not zero, so that it can be seen. */
const LEAST = 1.2;

export interface Series {
  title: string;
  /** The step of ink: `one` to `four`, or `failed`. */
  look: "one" | "two" | "three" | "four" | "failed";
  /** One for each day; null where nothing is known. */
  values: readonly (number | null)[];
}

interface DayPlotProps {
  label: string;
  days: readonly string[];
  /** Bars lie on each other, the first at the bottom; lines lie side by side. */
  kind: "bars" | "lines";
  series: readonly Series[];
  format: (value: number) => string;
}

/** A plot by day. Arrow keys and the pointer go from day to day, and what a day says stands above. */
export function DayPlot({ label, days, kind, series, format }: DayPlotProps) {
  const [chosen, setChosen] = useState<number | null>(null);
  const top = findTop(findLargest(kind, series, days.length));
  const described = chosen === null ? null : describeDay(days, series, chosen, format);
  return (
    <div className={styles.plot}>
      <p className={styles.said} aria-hidden="true">
        {described ?? `${formatUtcDay(days[0] ?? "")} to ${formatUtcDay(days.at(-1) ?? "")}`}
      </p>
      <div className={styles.ground}>
        <div className={styles.scale} aria-hidden="true">
          <span>{format(top)}</span>
          <span>{format(top / 2)}</span>
          <span>0</span>
        </div>
        <div
          className={styles.area}
          role="slider"
          tabIndex={0}
          aria-label={`${label}: day`}
          aria-valuemin={1}
          aria-valuemax={days.length}
          aria-valuenow={(chosen ?? days.length - 1) + 1}
          aria-valuetext={describeDay(days, series, chosen ?? days.length - 1, format)}
          onKeyDown={(event) => moveByKey(event, chosen ?? days.length - 1, days.length, setChosen)}
          onPointerMove={(event) => setChosen(findDay(event, days.length))}
          onPointerLeave={() => setChosen(null)}
          onBlur={() => setChosen(null)}
        >
          <Drawing kind={kind} series={series} count={days.length} top={top} chosen={chosen} />
        </div>
      </div>
    </div>
  );
}

interface DrawingProps {
  kind: "bars" | "lines";
  series: readonly Series[];
  count: number;
  top: number;
  chosen: number | null;
}

function Drawing({ kind, series, count, top, chosen }: DrawingProps) {
  return (
    <svg
      className={styles.svg}
      viewBox={`0 0 ${count} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {chosen === null ? null : <rect className={styles.here} x={chosen} y={0} width={1} height={HEIGHT} />}
      {[0.5, HEIGHT / 2, HEIGHT - 0.5].map((y) => (
        <path key={y} className={styles.grid} d={`M0 ${y}H${count}`} />
      ))}
      {kind === "bars" ? stackBars(series, count, top) : series.map((each) => drawLine(each, top))}
    </svg>
  );
}

function stackBars(series: readonly Series[], count: number, top: number) {
  const ends = new Array<number>(count).fill(HEIGHT);
  return series.map(({ title, look, values }) => (
    <g key={title} className={styles[look]}>
      {values.map((value, day) => {
        if (!value) return null;
        const height = Math.max((value / top) * HEIGHT, LEAST);
        const y = Math.max((ends[day] ?? HEIGHT) - height, 0);
        ends[day] = y;
        return <rect key={day} x={day + GAP / 2} y={y} width={1 - GAP} height={height} />;
      })}
    </g>
  ));
}

function drawLine({ title, look, values }: Series, top: number) {
  const parts = values.map((value, day) => {
    if (value === null) return "";
    const isFirst = day === 0 || values[day - 1] === null;
    return `${isFirst ? "M" : "L"}${day + 0.5} ${HEIGHT - (value / top) * HEIGHT}${isFirst ? "h0" : ""}`;
  });
  return <path key={title} className={joinClasses(styles.line, styles[look])} d={parts.join("")} />;
}

function findLargest(kind: "bars" | "lines", series: readonly Series[], count: number): number {
  const values = Array.from({ length: count }, (_, day) => series.map((each) => each.values[day] ?? 0));
  return Math.max(
    0,
    ...values.map((parts) => (kind === "bars" ? parts.reduce((a, b) => a + b, 0) : Math.max(...parts))),
  );
}

function describeDay(
  days: readonly string[],
  series: readonly Series[],
  day: number,
  format: (value: number) => string,
): string {
  const parts = series.map(({ title, values }) => {
    const value = values[day] ?? null;
    return `${title} ${value === null ? "unknown" : format(value)}`;
  });
  return `${formatUtcDay(days[day] ?? "")}: ${parts.join(", ")}`;
}

function findDay({ currentTarget, clientX }: PointerEvent, count: number): number {
  const { left, width } = currentTarget.getBoundingClientRect();
  return Math.min(Math.max(Math.floor(((clientX - left) / width) * count), 0), count - 1);
}

function moveByKey(event: KeyboardEvent, now: number, count: number, choose: (day: number) => void) {
  const steps: Record<string, number> = {
    ArrowLeft: now - 1,
    ArrowDown: now - 1,
    ArrowRight: now + 1,
    ArrowUp: now + 1,
    PageDown: now - 7,
    PageUp: now + 7,
    Home: 0,
    End: count - 1,
  };
  const next = steps[event.key];
  if (next === undefined) return;
  event.preventDefault();
  choose(Math.min(Math.max(next, 0), count - 1));
}
