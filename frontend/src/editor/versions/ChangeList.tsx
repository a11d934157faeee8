import { use } from "react";
import type { ActionDescription, Graph, Json, NodeChange, VersionComparison } from "../../api/types";
import type { ActionIndex } from "../../graph/action-index";
import { getTitle } from "../../graph/document";
import { getMergedId } from "../../graph/merge-graphs";
import { useActions } from "../../graph/useActions";
import { useGraph } from "../../graph/useGraph";
import { ResourceNames } from "../canvas/card/DataRows";
import styles from "./ChangeList.module.css";

const kindWords = { added: "added", removed: "removed", changed: "changed", moved: "moved" } as const;

interface ChangeListProps {
  changes: VersionComparison;
  /** Shows a part on the canvas; without it, the parts are only named. */
  onShow?: (id: string) => void;
}

/** What differs between two versions, in words. */
export function ChangeList({ changes, onShow }: ChangeListProps) {
  const actions = useActions();
  const graph = useGraph((state) => state.graph);
  const { nodes, notes } = changes;
  const joined = describeEdges(changes);
  if (nodes.length + notes.length + changes.edges.length === 0)
    return <p className={styles.none}>Nothing differs.</p>;
  return (
    <ul className={styles.list}>
      {nodes.map((change) => (
        <li key={`${change.id} ${change.action}`}>
          <ChangeHead
            title={findTitle(change, graph, actions)}
            word={kindWords[change.kind]}
            onShow={onShow && (() => onShow(getMergedId(change)))}
          />
          <PropertyChanges change={change} action={actions.get(change.action)} />
        </li>
      ))}
      {notes.map((change) => (
        <li key={change.id}>
          <ChangeHead
            title="A note"
            word={kindWords[change.kind]}
            onShow={onShow && (() => onShow(getMergedId(change)))}
          />
        </li>
      ))}
      {joined ? <li>{joined}</li> : null}
    </ul>
  );
}

interface ChangeHeadProps {
  title: string;
  word: string;
  onShow: (() => void) | undefined;
}

function ChangeHead({ title, word, onShow }: ChangeHeadProps) {
  return (
    <p className={styles.head}>
      {onShow ? (
        <button type="button" className={styles.show} onClick={onShow}>
          {title}
        </button>
      ) : (
        <b>{title}</b>
      )}{" "}
      {word}
    </p>
  );
}

function PropertyChanges({ change, action }: { change: NodeChange; action: ActionDescription | undefined }) {
  const names = use(ResourceNames);
  if (change.properties.length === 0) return null;
  return (
    <dl className={styles.properties}>
      {change.properties.map(({ name, before, after }) => (
        <div key={name}>
          <dt>{action?.properties.find((each) => each.name === name)?.title ?? name}</dt>
          <dd>
            <del>{describeValue(before, names)}</del>
          </dd>
          <dd>
            <ins>{describeValue(after, names)}</ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}

const MAX_VALUE_CHARACTERS = 400;

/** A value as a person reads it: the name of what an id names, a text as it is, an expression by its text. */
function describeValue(value: Json, names: ReadonlyMap<string, string>): string {
  if (value === null) return "not set";
  if (typeof value === "string") return names.get(value) ?? clip(value);
  const isExpression = typeof value === "object" && !Array.isArray(value) && "expression" in value;
  const expression = isExpression ? value.expression : null;
  return clip(typeof expression === "string" ? expression : JSON.stringify(value));
}

function clip(value: string): string {
  if (value === "") return "empty";
  return value.length > MAX_VALUE_CHARACTERS ? `${value.slice(0, MAX_VALUE_CHARACTERS)}…` : value;
}

/** The title of the node where it is drawn, else that of its action. */
function findTitle(change: NodeChange, graph: Graph, actions: ActionIndex): string {
  const id = getMergedId(change);
  const node = graph.nodes.find((each) => each.id === id);
  const title = actions.get(change.action)?.title ?? change.action;
  return node ? getTitle(node, title) : title;
}

function describeEdges({ edges }: VersionComparison): string | null {
  const added = edges.filter(({ change }) => change === "added").length;
  const removed = edges.length - added;
  const parts = [
    ...(added ? [`${added} ${added === 1 ? "edge" : "edges"} added`] : []),
    ...(removed ? [`${removed} ${removed === 1 ? "edge" : "edges"} removed`] : []),
  ];
  return parts.length ? `${parts.join(", ")}.` : null;
}
