import { useRunMs } from "../../../run/useRunMs";
import { meanPace, paceAt } from "../../../run/figures";
import { pace } from "../../../run/format";
import { type CardState, useNodeRun } from "./card-state";
import { useShownRun } from "../../../run/useShownRun";
import { formatDuration, formatNumber } from "../../../ui/format";
import { Caret } from "../../../ui/feedback/Caret";
import styles from "./StreamWell.module.css";

/** More than five lines hold; what is above them cannot be seen. */
const TAIL = 400;
const NONE = "–";

/** The end of the text that streams, and its figures. It never grows, and it is silent for screen readers. */
export function StreamWell({ node, state }: { node: string; state: CardState }) {
  const text = useNodeRun(node)?.text ?? "";
  return (
    <>
      <div className={styles.well} aria-hidden="true">
        <p className={styles.text}>
          <span>
            {tail(text)}
            {state === "running" && text ? <Caret /> : null}
          </span>
        </p>
      </div>
      <StreamFigures node={node} />
    </>
  );
}

/** The last lines, cut at a word; empty lines would waste the few that there are. */
function tail(text: string): string {
  const end = text.slice(-TAIL);
  const words = text.length > TAIL ? end.slice(end.search(/\s/) + 1) : end;
  return words.replace(/\n{2,}/g, "\n");
}

function StreamFigures({ node }: { node: string }) {
  const run = useNodeRun(node);
  const started = run?.started_ms ?? 0;
  return (
    <dl className={styles.figures}>
      <div>
        <dd>{run ? formatNumber(run.messages) : NONE}</dd>
        <dt>messages</dt>
      </div>
      <div>
        <dd>
          <Pace node={node} />
        </dd>
        <dt>messages/s</dt>
      </div>
      <div>
        <dd>{run?.first_message_ms == null ? NONE : formatDuration(run.first_message_ms - started)}</dd>
        <dt>first chunk</dt>
      </div>
    </dl>
  );
}

/** While it streams, the pace of the last second; after that, of the whole stream. */
function Pace({ node }: { node: string }) {
  const run = useNodeRun(node);
  const steps = useShownRun(({ figures }) => figures.nodes[node]?.steps);
  const clock = useShownRun((shown) => shown.clock);
  const running = run?.state === "running";
  const ms = useRunMs(clock, running);
  if (!run || !steps) return NONE;
  if (running) return pace(paceAt(steps, ms));
  const mean = meanPace(run.messages, run.first_message_ms, run.started_ms + (run.duration_ms ?? 0));
  return mean === null ? NONE : pace(mean);
}
