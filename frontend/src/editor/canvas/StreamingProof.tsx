import { findStart, type FlowStart } from "../../api/flow-start";
import { getAction } from "../../graph/action-index";
import { useActions } from "../../graph/useActions";
import { findNode, getTitle } from "../../graph/document";
import { select } from "../../graph/store";
import { useGraph } from "../../graph/useGraph";
import { joinClasses } from "../../ui/classes";
import { Icon } from "../../ui/icons/Icon";
import styles from "./StreamingProof.module.css";

/** What the sentence of a flow begins with that nobody calls. */
const ways: Record<Exclude<FlowStart, "call">, string> = {
  schedule: "Starts by itself.",
  feedback: "Starts with feedback.",
};

/** Shows whether the client of the flow receives the answer while it is written, as the server proved it. */
export function StreamingProof() {
  const { streams, text, node } = useGraph((state) => state.analysis.streaming);
  const empty = useGraph((state) => state.graph.nodes.length === 0);
  const start = useGraph(({ graph }) => findStart(graph));
  if (empty || text === "") return null;
  const isCalled = start === "call";
  return (
    <p className={joinClasses(styles.proof, isCalled && !streams && styles.blocks)}>
      <Icon name={isCalled && streams ? "stream" : start === "feedback" ? "chat" : "clock"} size={14} />
      <span>
        <b>{isCalled ? (streams ? "Streams." : "Does not stream.") : ways[start]}</b>{" "}
        <Sentence text={text} node={node} />
      </span>
    </p>
  );
}

/** Makes the title of the node in the sentence a button that selects the node. */
function Sentence({ text, node: id }: { text: string; node: string | null }) {
  const actions = useActions();
  const title = useGraph(({ graph }) => {
    const node = id === null ? undefined : findNode(graph, id);
    return node ? getTitle(node, getAction(actions, node).title) : null;
  });
  const at = title === null ? -1 : text.indexOf(title);
  if (id === null || title === null || at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <button type="button" className={styles.node} onClick={() => select([id])}>
        {title}
      </button>
      {text.slice(at + title.length)}
    </>
  );
}
