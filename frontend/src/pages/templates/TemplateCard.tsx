import type { FlowTemplate } from "../../api/types";
import { Button } from "../../ui/controls/Button";
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
  return (
    <li className={styles.card}>
      <FlowPicture graph={graph} />
      <div className={styles.words}>
        <h2 className={styles.title}>{title}</h2>
        <p className={styles.description}>{description}</p>
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
