import { findStart } from "../../api/flow-start";
import type { FlowTemplate } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { Icon } from "../../ui/icons/Icon";
import { FlowPicture } from "./FlowPicture";
import styles from "./templates.module.css";

interface TemplateCardProps {
  template: FlowTemplate;
  /** A flow is being made of it. */
  busy: boolean;
  /** Absent for who may only look. */
  onUse?: () => void;
}

export function TemplateCard({ template, busy, onUse }: TemplateCardProps) {
  const { title, description, graph, needs } = template;
  const startsByItself = findStart(graph) === "schedule";
  return (
    <li className={styles.card}>
      <FlowPicture graph={graph} />
      <div className={styles.words}>
        <h2 className={styles.title}>{title}</h2>
        <p className={styles.description}>{description}</p>
        {startsByItself ? (
          <p className={styles.start}>
            <Icon name="clock" size={14} />
            Starts by itself once it is published
          </p>
        ) : null}
      </div>
      <div className={styles.foot}>
        <span className={styles.needs}>{describeNeeds(needs)}</span>
        {onUse ? (
          <Button icon="add" busy={busy} aria-label={`Use ${title}`} onClick={onUse}>
            {busy ? "Opening" : "Use"}
          </Button>
        ) : null}
      </div>
    </li>
  );
}

function describeNeeds(needs: FlowTemplate["needs"]): string {
  return needs.some(({ type }) => type === "collection")
    ? "Takes a connection and a collection"
    : "Takes a connection";
}
