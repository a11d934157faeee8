import { type ReactNode, useState } from "react";
import type { Json } from "../../../api/types";
import { Button } from "../../../ui/controls/Button";
import { ScrollArea } from "../../../ui/controls/ScrollArea";
import { formatCount, formatNumber } from "../../../ui/format";
import { Icon } from "../../../ui/icons/Icon";
import { joinClasses } from "../../../ui/classes";
import text from "../../../ui/text.module.css";
import { describeContainer, formatScalar, getTone, isContainer, isLongText, listParts } from "./json-text";
import styles from "./values.module.css";

const MAX_ROWS = 100;
const MAX_CHARACTERS = 20_000;

/** The parts of a value as rows that unfold. Of a long list the first rows are drawn, of a long text its beginning. */
export function ValueTree({ value }: { value: Json[] | { [name: string]: Json } }) {
  const [limit, setLimit] = useState(MAX_ROWS);
  const parts = listParts(value);
  const rest = parts.length - limit;
  return (
    <ul className={styles.tree}>
      {parts.slice(0, limit).map(([name, part]) => (
        <TreeRow key={name} name={name} value={part} />
      ))}
      {rest > 0 ? (
        <li>
          <Button kind="quiet" onClick={() => setLimit(limit + MAX_ROWS)}>
            Show {formatNumber(Math.min(rest, MAX_ROWS))} more of {formatCount(parts.length, "item")}
          </Button>
        </li>
      ) : null}
    </ul>
  );
}

interface TreeRowProps {
  name: string;
  value: Json;
  /** Unfolded from the start. */
  open?: boolean;
  /** At the right end of the row, such as a button. */
  end?: ReactNode;
  /** Under the row, such as where the value comes from. */
  note?: ReactNode;
}

/** One value with its name. A list, an object and a long text unfold. */
export function TreeRow({ name, value, open = false, end, note }: TreeRowProps) {
  const [isOpen, setOpen] = useState(open);
  const unfolds = isContainer(value) || isLongText(value);
  return (
    <li>
      <div className={styles.row}>
        {unfolds ? (
          <button
            type="button"
            className={styles.line}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            <Icon name={isOpen ? "down" : "right"} size={12} className={styles.chevron} />
            <RowWords name={name} value={value} />
          </button>
        ) : (
          <div className={styles.line}>
            <RowWords name={name} value={value} />
          </div>
        )}
        {end}
      </div>
      {note}
      {isOpen && isContainer(value) ? <ValueTree value={value} /> : null}
      {isOpen && isLongText(value) ? <WholeText value={value} /> : null}
    </li>
  );
}

function RowWords({ name, value }: { name: string; value: Json }) {
  return (
    <>
      <span className={styles.name}>{name}</span>
      {isContainer(value) ? (
        <span className={styles.size}>{describeContainer(value)}</span>
      ) : (
        <span className={joinClasses(styles[getTone(value)], text.clip)}>{formatScalar(value)}</span>
      )}
    </>
  );
}

/** A text with its lines; of a very long one the beginning, until the person asks for the rest. */
export function WholeText({ value }: { value: string }) {
  const [limit, setLimit] = useState(MAX_CHARACTERS);
  return (
    <>
      <ScrollArea className={styles.whole} label="The text">
        <pre>{value.slice(0, limit)}</pre>
      </ScrollArea>
      {value.length > limit ? (
        <Button kind="quiet" onClick={() => setLimit(limit * 10)}>
          Show more of {formatCount(value.length, "character")}
        </Button>
      ) : null}
    </>
  );
}
