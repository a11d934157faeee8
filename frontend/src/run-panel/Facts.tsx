import type { Usage } from "../api/types";
import { formatDuration, formatNumber } from "../ui/format";
import { useRunMs } from "../run/useRunMs";
import styles from "./Facts.module.css";
import { meanPace, paceAt, type Steps } from "../run/figures";
import { elapsed, pace } from "../run/format";
import { isGoing } from "../run/store";
import { useShownRun } from "../run/useShownRun";

const NONE = "–";

/** The figures of the run. Each has its place before it is known, so none moves. */
export function Facts() {
  const first = useShownRun((shown) => shown.state.first_item_ms);
  const items = useShownRun((shown) => shown.state.items);
  return (
    <div className={styles.facts}>
      <dl className={styles.rate}>
        <div>
          <dt>First chunk</dt>
          <dd>{first === null ? NONE : formatDuration(first)}</dd>
        </div>
        <div>
          <dt>Messages</dt>
          <dd>{formatNumber(items)}</dd>
        </div>
        <div>
          <dt>Messages/s</dt>
          <dd>
            <Pace />
          </dd>
        </div>
      </dl>
      <PaceLine />
      <UsageFigures />
      <dl className={styles.total}>
        <dt>Duration</dt>
        <dd>
          <Duration />
        </dd>
      </dl>
    </div>
  );
}

function useClockMs(): number {
  const clock = useShownRun((shown) => shown.clock);
  return useRunMs(
    clock,
    useShownRun((shown) => isGoing(shown.state)),
  );
}

function Pace() {
  const steps = useShownRun((shown) => shown.figures.items);
  const { status, items, first_item_ms, duration_ms } = useShownRun((shown) => shown.state);
  const ms = useClockMs();
  if (items === 0) return NONE;
  if (status === "running") return pace(paceAt(steps, ms));
  const mean = meanPace(items, first_item_ms, duration_ms);
  return mean === null ? NONE : pace(mean);
}

function Duration() {
  const took = useShownRun((shown) => shown.state.duration_ms);
  const begun = useShownRun((shown) => shown.state.started_at !== null);
  const ms = useClockMs();
  if (!begun) return NONE;
  return took === null ? elapsed(ms) : formatDuration(took);
}

const WIDTH = 216;
const HEIGHT = 22;

function PaceLine() {
  const steps = useShownRun((shown) => shown.figures.items);
  return (
    <svg
      className={styles.line}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path className={styles.base} d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} />
      <polyline className={styles.pace} points={pointsOf(steps)} />
    </svg>
  );
}

const MOST_POINTS = 72;

/** The pace from the beginning to now, in at most `MOST_POINTS` points. */
export function pointsOf(steps: Steps): string {
  const size = Math.max(2, Math.ceil(steps.length / MOST_POINTS));
  const sums: number[] = [];
  for (let at = 0; at + size <= steps.length; at += size) {
    sums.push(steps.slice(at, at + size).reduce((sum, step) => sum + step, 0));
  }
  const most = Math.max(1, ...sums);
  const across = WIDTH / Math.max(1, sums.length - 1);
  return sums
    .map((sum, index) => `${(index * across).toFixed(1)},${(HEIGHT - 2 - (sum / most) * 17).toFixed(1)}`)
    .join(" ");
}

function UsageFigures() {
  const usage = useShownRun((shown) => shown.state.usage);
  const going = useShownRun((shown) => isGoing(shown.state));
  return (
    <dl className={styles.usage}>
      <dt>Input tokens</dt>
      <dd>{known(usage, "input_tokens")}</dd>
      <dt>Read from cache</dt>
      <dd>{known(usage, "cache_read_input_tokens")}</dd>
      {usage?.cache_creation_input_tokens ? (
        <>
          <dt>Written to cache</dt>
          <dd>{known(usage, "cache_creation_input_tokens")}</dd>
        </>
      ) : null}
      <dt>{going ? "Output so far" : "Output tokens"}</dt>
      <dd>{known(usage, "output_tokens")}</dd>
    </dl>
  );
}

function known(usage: Usage | null, name: keyof Usage): string {
  const value = usage?.[name] ?? null;
  return value === null ? NONE : formatNumber(value);
}
