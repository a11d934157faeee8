import type { Usage } from "../api/types";
import { ScrollArea } from "../ui/controls/ScrollArea";
import { formatDuration, formatNumber } from "../ui/format";
import { useRunMs } from "../run/useRunMs";
import styles from "./RunFacts.module.css";
import { computePace, computeTokenPace, estimateTokenPace, type StepCounts } from "../run/figures";
import { formatElapsed, formatPace } from "../run/format";
import { isRunning } from "../run/store";
import { useShownRun } from "../run/useShownRun";

const NO_VALUE = "–";

/** The figures of the run. Each has its place from the start, so nothing moves. */
export function RunFacts() {
  const first = useShownRun((shown) => shown.state.first_item_ms);
  const items = useShownRun((shown) => shown.state.items);
  return (
    <ScrollArea className={styles.facts} label="Figures of the run">
      <dl className={styles.rate}>
        <div>
          <dt>First chunk</dt>
          <dd>{first === null ? NO_VALUE : formatDuration(first)}</dd>
        </div>
        <div>
          <dt>Messages</dt>
          <dd>{formatNumber(items)}</dd>
        </div>
        <div>
          <dt>Tokens/s</dt>
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
    </ScrollArea>
  );
}

function useClockMs(): number {
  const clock = useShownRun((shown) => shown.clock);
  return useRunMs(
    clock,
    useShownRun((shown) => isRunning(shown.state)),
  );
}

function Pace() {
  const steps = useShownRun((shown) => shown.figures.items);
  const answers = useShownRun((shown) => shown.figures.answers);
  const { status, items, text } = useShownRun((shown) => shown.state);
  const ms = useClockMs();
  if (status === "running" && items > 0)
    return `≈ ${formatPace(estimateTokenPace(computePace(steps, ms), items, text))}`;
  const mean = computeTokenPace(Object.values(answers));
  return mean === null ? NO_VALUE : formatPace(mean);
}

function Duration() {
  const took = useShownRun((shown) => shown.state.duration_ms);
  const hasStarted = useShownRun((shown) => shown.state.started_at !== null);
  const ms = useClockMs();
  if (!hasStarted) return NO_VALUE;
  return took === null ? formatElapsed(ms) : formatDuration(took);
}

const CHART_WIDTH_PX = 216;
const CHART_HEIGHT_PX = 22;

function PaceLine() {
  const steps = useShownRun((shown) => shown.figures.items);
  return (
    <svg
      className={styles.line}
      viewBox={`0 0 ${CHART_WIDTH_PX} ${CHART_HEIGHT_PX}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path className={styles.base} d={`M0 ${CHART_HEIGHT_PX - 0.5}H${CHART_WIDTH_PX}`} />
      <polyline className={styles.pace} points={computePoints(steps)} />
    </svg>
  );
}

const MAX_POINTS = 72;

/** The points of the pace line, at most `MAX_POINTS`. */
function computePoints(steps: StepCounts): string {
  const size = Math.max(2, Math.ceil(steps.length / MAX_POINTS));
  const sums: number[] = [];
  for (let at = 0; at + size <= steps.length; at += size) {
    sums.push(steps.slice(at, at + size).reduce((sum, step) => sum + step, 0));
  }
  const most = Math.max(1, ...sums);
  const across = CHART_WIDTH_PX / Math.max(1, sums.length - 1);
  return sums
    .map(
      (sum, index) =>
        `${(index * across).toFixed(1)},${(CHART_HEIGHT_PX - 2 - (sum / most) * 17).toFixed(1)}`,
    )
    .join(" ");
}

function UsageFigures() {
  const usage = useShownRun((shown) => shown.state.usage);
  const isActive = useShownRun((shown) => isRunning(shown.state));
  return (
    <dl className={styles.usage}>
      <dt>Input tokens</dt>
      <dd>{formatUsage(usage, "input_tokens")}</dd>
      <dt>Read from cache</dt>
      <dd>{formatUsage(usage, "cache_read_input_tokens")}</dd>
      {usage?.cache_creation_input_tokens ? (
        <>
          <dt>Written to cache</dt>
          <dd>{formatUsage(usage, "cache_creation_input_tokens")}</dd>
        </>
      ) : null}
      {usage?.web_search_requests ? (
        <>
          <dt>Web searches</dt>
          <dd>{formatUsage(usage, "web_search_requests")}</dd>
        </>
      ) : null}
      <dt>{isActive ? "Output so far" : "Output tokens"}</dt>
      <dd>{formatUsage(usage, "output_tokens")}</dd>
    </dl>
  );
}

function formatUsage(usage: Usage | null, name: keyof Usage): string {
  const value = usage?.[name] ?? null;
  return value === null ? NO_VALUE : formatNumber(value);
}
