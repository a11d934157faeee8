import { useRunMs } from "../../../run/useRunMs";
import { computePace, computeTokenPace, estimateTokenPace } from "../../../run/figures";
import { formatPace } from "../../../run/format";
import { type CardState, useNodeRun } from "./card-state";
import { useShownRun } from "../../../run/useShownRun";
import { formatDuration, formatNumber } from "../../../ui/format";
import { Caret } from "../../../ui/feedback/Caret";
import styles from "./StreamWell.module.css";

/** More characters than five lines can show. */
const MAX_TEXT_CHARACTERS = 400;
const NO_VALUE = "–";

/** The end of the text that streams, and its figures. It never grows, and screen readers skip it. */
export function StreamWell({ node, state }: { node: string; state: CardState }) {
  const text = useNodeRun(node)?.text ?? "";
  return (
    <>
      <div className={styles.well} aria-hidden="true">
        <p className={styles.text}>
          <span>
            {cutToEnd(text)}
            {state === "running" && text ? <Caret /> : null}
          </span>
        </p>
      </div>
      <StreamFigures node={node} />
    </>
  );
}

/** The last lines, cut at a word. Empty lines are removed, because only a few lines fit. */
function cutToEnd(text: string): string {
  const end = text.slice(-MAX_TEXT_CHARACTERS);
  const words = text.length > MAX_TEXT_CHARACTERS ? end.slice(end.search(/\s/) + 1) : end;
  return words.replace(/\n{2,}/g, "\n");
}

function StreamFigures({ node }: { node: string }) {
  const run = useNodeRun(node);
  const started = run?.started_ms ?? 0;
  return (
    <dl className={styles.figures}>
      <div>
        <dd>{run ? formatNumber(run.messages) : NO_VALUE}</dd>
        <dt>messages</dt>
      </div>
      <div>
        <dd>
          <Pace node={node} />
        </dd>
        <dt>tokens/s</dt>
      </div>
      <div>
        <dd>{run?.first_message_ms == null ? NO_VALUE : formatDuration(run.first_message_ms - started)}</dd>
        <dt>first chunk</dt>
      </div>
    </dl>
  );
}

/** Output tokens per second: about that of the last second while it streams, as the model counted after that. */
function Pace({ node }: { node: string }) {
  const run = useNodeRun(node);
  const steps = useShownRun(({ figures }) => figures.nodes[node]?.steps);
  const answers = useShownRun(({ figures }) => figures.answers[node]);
  const clock = useShownRun((shown) => shown.clock);
  const running = run?.state === "running";
  const ms = useRunMs(clock, running);
  if (!run || !steps) return NO_VALUE;
  if (running) return `≈ ${formatPace(estimateTokenPace(computePace(steps, ms), run.messages, run.text))}`;
  const mean = computeTokenPace(answers ? [answers] : []);
  return mean === null ? NO_VALUE : formatPace(mean);
}
