import type { ActionDescription, Catalogue } from "../../api/types";
import { ActionIcon } from "./card/ActionIcon";
import { focusSelected } from "./gestures/focus";
import { addAction } from "./placement/add-action";
import { useActions } from "../../graph/useActions";
import { useGraph } from "../../graph/useGraph";
import { Button } from "../../ui/controls/Button";
import { EmptyState } from "../../ui/feedback/EmptyState";
import styles from "./EmptyCanvas.module.css";

/** Explains an empty flow and offers its first step. */
export function EmptyCanvas({ catalogue }: { catalogue: Catalogue }) {
  const actions = useActions();
  const empty = useGraph(({ graph }) => graph.nodes.length === 0 && graph.notes.length === 0);
  const readOnly = useGraph((graph) => graph.readOnly);
  const triggers = catalogue.actions.filter((action) => action.role === "trigger");
  if (!empty || triggers.length === 0) return null;
  const add = (trigger: ActionDescription): void => {
    addAction(actions, trigger, { kind: "ground", position: { x: trigger.width / 2, y: 22 } });
    focusSelected();
  };
  return (
    <div className={styles.ground}>
      <EmptyState
        drawing={<CardDrawing catalogue={catalogue} />}
        title={readOnly ? "Nothing is drawn yet" : "Start with a trigger"}
        actions={
          readOnly
            ? null
            : triggers.map((trigger, index) => (
                <Button
                  key={trigger.type}
                  kind={index === 0 ? "solid" : "line"}
                  size="l"
                  icon="add"
                  onClick={() => add(trigger)}
                >
                  Add {trigger.title}
                </Button>
              ))
        }
      >
        {readOnly
          ? "An editor of this workspace can draw the flow."
          : "A trigger receives what a client sends, or starts the flow at set times or with a visitor's feedback. The actions after it do the work."}
      </EmptyState>
    </div>
  );
}

/** Three small cards in a row, connected as in a flow. */
function CardDrawing({ catalogue }: { catalogue: Catalogue }) {
  const parts = [
    catalogue.actions.find((action) => action.role === "trigger"),
    catalogue.actions.find((action) => action.streams),
    catalogue.actions.find((action) => action.type.endsWith("yield_return")),
  ].filter((action) => action !== undefined);
  return (
    <div className={styles.drawing} aria-hidden="true">
      {parts.map((action) => (
        <span key={action.type} className={`${styles.card ?? ""} ${styles[action.role] ?? ""}`}>
          <ActionIcon action={action} />
          <i />
          <i />
        </span>
      ))}
    </div>
  );
}
