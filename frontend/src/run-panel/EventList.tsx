import type { RunEvent } from "../api/types";
import { formatCount } from "../ui/format";
import text from "../ui/text.module.css";
import { joinClasses } from "../ui/classes";
import styles from "./EventList.module.css";
import { describeEvent } from "./describe-event";
import { useShownRun } from "../run/useShownRun";
import { useFollowEnd } from "./useFollowEnd";
import { useVisibleRows } from "./useVisibleRows";

const ROW_HEIGHT_PX = 24;

/** All events of the run, as the log has them. Only the visible rows are drawn. */
export function EventList({ getNodeTitle }: { getNodeTitle: (id: string) => string }) {
  const logged = useShownRun((shown) => shown.eventCount);
  const log = useShownRun((shown) => shown.log);
  const run = useShownRun((shown) => shown.run);
  const { scroller, onScroll } = useFollowEnd(logged, run);
  const { from, to, measure } = useVisibleRows(scroller, ROW_HEIGHT_PX, logged);
  const scrolled = (): void => {
    onScroll();
    measure();
  };
  return (
    <div className={styles.list} ref={scroller} onScroll={scrolled} tabIndex={0} aria-label="Events">
      {logged === 0 ? <NoEvents /> : null}
      <ol style={{ height: logged * ROW_HEIGHT_PX, paddingTop: from * ROW_HEIGHT_PX }}>
        {log.slice(from, to).map((event) => (
          <Row key={event.seq} event={event} getNodeTitle={getNodeTitle} />
        ))}
      </ol>
    </div>
  );
}

function NoEvents() {
  const days = useShownRun((shown) => shown.deletedAfterDays);
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
  getNodeTitle: (id: string) => string;
}

function Row({ event, getNodeTitle }: RowProps) {
  const node = "node" in event && event.node !== null ? getNodeTitle(event.node) : "";
  const words = describeEvent(event);
  return (
    <li className={joinClasses(styles.row, event.type.endsWith("failed") && styles.failed)}>
      <span className={styles.seq}>{event.seq}</span>
      <span className={styles.ms}>{(event.ms / 1000).toFixed(3)} s</span>
      <span className={joinClasses(styles.type, text.code)}>{event.type}</span>
      <span className={joinClasses(styles.node, text.clip)}>{node}</span>
      <span className={joinClasses(text.grow, text.clip)} title={words}>
        {words}
      </span>
    </li>
  );
}
