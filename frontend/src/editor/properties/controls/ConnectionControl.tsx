import { useConnectionChoices } from "../../../api/connections";
import type { ConnectionChoice } from "../../../api/types";
import { joinClasses } from "../../../ui/classes";
import { Icon } from "../../../ui/icons/Icon";
import { Tag } from "../../../ui/feedback/Tag";
import { Tooltip } from "../../../ui/overlays/Tooltip";
import type { ControlProps } from "../form/control-props";
import box from "./box.module.css";
import styles from "./ConnectionControl.module.css";

/** Chooses a connection of the right kind, and shows whether it works. */
export function ConnectionControl({ property, field, naming, readOnly }: ControlProps) {
  const connections = useConnectionChoices();
  const kind = property.connection_kind;
  const fitting = (connections.data ?? []).filter((connection) => kind === null || connection.kind === kind);
  const id = typeof field.draft.literal === "string" ? field.draft.literal : "";
  const chosen = fitting.find((connection) => connection.id === id);
  return (
    <span className={joinClasses(box.box, box.over, styles.row, naming.isInvalid && box.bad)}>
      <select
        id={naming.id}
        className={joinClasses(box.input, box.select)}
        aria-labelledby={naming.labelledBy}
        aria-describedby={naming.describedBy}
        aria-invalid={naming.isInvalid || undefined}
        aria-required={property.required || undefined}
        disabled={readOnly}
        value={id}
        onChange={(event) => field.setLiteral(event.target.value)}
      >
        <option value="">{describeEmpty(connections.isPending, fitting.length)}</option>
        {id && !chosen ? (
          <option value={id}>{connections.data ? "A connection that does not exist" : "…"}</option>
        ) : null}
        {fitting.map((connection) => (
          <option key={connection.id} value={connection.id}>
            {connection.name}
            {connection.usable ? "" : " (not usable)"}
          </option>
        ))}
      </select>
      {chosen ? <ConnectionSign connection={chosen} /> : null}
      <Icon name="down" size={14} className={box.arrow} />
    </span>
  );
}

/** The state of the connection: simulator, works, or does not work. */
function ConnectionSign({ connection }: { connection: ConnectionChoice }) {
  const { simulator, usable, last_test: test, problem } = connection;
  if (simulator) {
    return (
      <Tooltip text="The answers come from the simulator, not from a model.">
        <span className={styles.sign} tabIndex={-1}>
          <Tag tone="warning">
            <Icon name="alert" size={12} />
            Simulator
          </Tag>
        </span>
      </Tooltip>
    );
  }
  if (usable && !test) return null;
  const works = usable && test?.ok;
  const words = works ? "It works" : (problem ?? test?.message ?? "It is not usable");
  return (
    <Tooltip text={words}>
      <span
        className={joinClasses(styles.sign, works ? styles.works : styles.fails)}
        role="img"
        aria-label={words}
      >
        <Icon name={works ? "tick" : "close"} size={12} />
      </span>
    </Tooltip>
  );
}

function describeEmpty(pending: boolean, count: number): string {
  if (pending) return "…";
  return count ? "Choose a connection" : "No connection yet";
}
