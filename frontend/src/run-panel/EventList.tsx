import type { RunEvent } from "../api/types";
import { formatCount } from "../ui/format";
import text from "../ui/text.module.css";
import { joinClasses } from "../ui/classes";
import styles from "./EventList.module.css";
import { describeEvent } from "./describe-event";
import { useShownRun } from "../run/useShownRun";
import { useFollowEnd } from "../ui/useFollowEnd";
import { useVisibleRows } from "./useVisibleRows";

const ROW_HEIGHT_PX = 24;

interface EventListProps {
  getNodeTitle: (id: string) => string;
  onShowNode: (node: string, pass: number | null) => void;
}

/** All events of the run, as the log has them. Only the visible rows are drawn. A row of a node opens its values. */
export function EventList({ getNodeTitle, onShowNode }: EventListProps) {
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
    <div
      className={styles.list}
      ref={scroller}
      onScroll={scrolled}
      tabIndex={0}
      role="region"
      aria-label="Events"
    >
      {logged === 0 ? <NoEvents /> : null}
      <ol style={{ height: logged * ROW_HEIGHT_PX, paddingTop: from * ROW_HEIGHT_PX }}>
        {log.slice(from, to).map((event) => (
          <Row
            key={event.seq}
            event={event}
            getNodeTitle={getNodeTitle}
            onShow={(node) => onShowNode(node, findPass(log, event))}
          />
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
  onShow: (node: string) => void;
}

function Row({ event, getNodeTitle, onShow }: RowProps) {
  const node = "node" in event ? event.node : null;
  const words = describeEvent(event);
  const cells = (
    <>
      <span className={styles.seq}>{event.seq}</span>
      <span className={styles.ms}>{(event.ms / 1000).toFixed(3)} s</span>
      <span className={joinClasses(styles.type, text.code)}>{event.type}</span>
      <span className={joinClasses(styles.node, text.clip)}>{node === null ? "" : getNodeTitle(node)}</span>
      <span className={joinClasses(text.grow, text.clip)} title={words}>
        {words}
      </span>
    </>
  );
  const className = joinClasses(styles.row, event.type.endsWith("failed") && styles.failed);
  return (
    <li>
      {node === null ? (
        <div className={className}>{cells}</div>
      ) : (
        <button type="button" className={className} onClick={() => onShow(node)}>
          {cells}
        </button>
      )}
    </li>
  );
}

/** The number of the pass that an event tells of: the items of a node are its passes. Null for other events. */
function findPass(log: readonly RunEvent[], event: RunEvent): number | null {
  if (event.type !== "item") return null;
  const isItem = (each: RunEvent): boolean => each.type === "item" && each.node === event.node;
  return log.filter((each) => each.seq <= event.seq && isItem(each)).length;
}
