import type { RunEvent } from "../api/types";
import { formatCount } from "../ui/format";
import text from "../ui/text.module.css";
import { classes } from "../ui/classes";
import styles from "./EventList.module.css";
import { describe } from "./event-words";
import { useShownRun } from "../run/useShownRun";
import { useFollowEnd } from "./useFollowEnd";
import { useWindow } from "./useWindow";

const ROW = 24;

/** Every event of the run, as it stands in the log. Only the rows in view are drawn. */
export function EventList({ titleOfNode }: { titleOfNode: (id: string) => string }) {
  const logged = useShownRun((shown) => shown.logged);
  const log = useShownRun((shown) => shown.log);
  const run = useShownRun((shown) => shown.run);
  const { scroller, onScroll } = useFollowEnd(logged, run);
  const { from, to, measure } = useWindow(scroller, ROW, logged);
  const scrolled = (): void => {
    onScroll();
    measure();
  };
  return (
    <div className={styles.list} ref={scroller} onScroll={scrolled} tabIndex={0} aria-label="Events">
      {logged === 0 ? <NoEvents /> : null}
      <ol style={{ height: logged * ROW, paddingTop: from * ROW }}>
        {log.slice(from, to).map((event) => (
          <Row key={event.seq} event={event} titleOfNode={titleOfNode} />
        ))}
      </ol>
    </div>
  );
}

function NoEvents() {
  const days = useShownRun((shown) => shown.deletedAfter);
  return (
    <p className={styles.none}>
      {days === null
        ? "A run writes its events here."
        : `The events of this run were deleted ${formatCount(days, "day")} after it ended.`}
    </p>
  );
}

interface RowProps {
  event: RunEvent;
  titleOfNode: (id: string) => string;
}

function Row({ event, titleOfNode }: RowProps) {
  const node = "node" in event && event.node !== null ? titleOfNode(event.node) : "";
  const words = describe(event);
  return (
    <li className={classes(styles.row, event.type.endsWith("failed") && styles.failed)}>
      <span className={styles.seq}>{event.seq}</span>
      <span className={styles.ms}>{(event.ms / 1000).toFixed(3)} s</span>
      <span className={classes(styles.type, text.code)}>{event.type}</span>
      <span className={classes(styles.node, text.clip)}>{node}</span>
      <span className={classes(text.grow, text.clip)} title={words}>
        {words}
      </span>
    </li>
  );
}
