import { type KeyboardEvent, useRef } from "react";
import type { ActionDescription, GraphNode } from "../../../api/types";
import { setProperty } from "../../../graph/commands/nodes";
import { getTitle } from "../../../graph/document";
import { edit } from "../../../graph/store";
import { useJudgedProblems } from "../../../graph/useJudgedProblems";
import type { CardState } from "./card-state";
import { Icon } from "../../../ui/icons/Icon";
import { ActionIcon } from "./ActionIcon";
import styles from "./NodeCard.module.css";
import { StateGlyph } from "./StateGlyph";
import { changeCanvasUi, useCanvasUi } from "../ui-store";

interface CardHeadProps {
  node: GraphNode;
  action: ActionDescription;
  state: CardState;
}

export function CardHead({ node, action, state }: CardHeadProps) {
  const renaming = useCanvasUi((ui) => ui.renamedNode === node.id);
  const title = getTitle(node, action.title);
  return (
    <header className={styles.head}>
      <ActionIcon action={action} />
      {renaming ? <TitleInput node={node} title={title} /> : <h3 className={styles.title}>{title}</h3>}
      <ProblemBadge node={node.id} />
      {action.role === "helper" ? <StateGlyph state={state} /> : null}
    </header>
  );
}

/** The field of a new title. Enter, Escape and leaving it keep what was typed; undo takes it back. */
function TitleInput({ node, title }: { node: GraphNode; title: string }) {
  const left = useRef(false);
  const leave = (value: string): void => {
    if (left.current) return;
    left.current = true;
    changeCanvasUi({ renamedNode: null });
    const typed = value.trim();
    if (typed === title) return;
    edit("Rename", (graph) =>
      setProperty(graph, { node: node.id, name: "title", value: typed || undefined }),
    );
  };
  const keyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    event.stopPropagation();
    if (event.key !== "Enter" && event.key !== "Escape") return;
    leave(event.currentTarget.value);
    document.querySelector<HTMLElement>(`.react-flow__node[data-id="${node.id}"]`)?.focus();
  };
  return (
    <input
      className={`${styles.titleField ?? ""} nodrag nopan`}
      aria-label="Title"
      defaultValue={title}
      ref={(field) => field?.select()}
      onKeyDown={keyDown}
      onBlur={(event) => leave(event.target.value)}
    />
  );
}

function ProblemBadge({ node }: { node: string }) {
  const count = useJudgedProblems(({ faults }) => faults.filter((problem) => problem.node === node).length);
  if (count === 0) return null;
  return (
    <span className={styles.badge} role="img" aria-label={`${count} ${count === 1 ? "problem" : "problems"}`}>
      <Icon name="alert" size={12} />
      {count}
    </span>
  );
}
