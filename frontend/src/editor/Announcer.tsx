import { getAction } from "../graph/action-index";
import { useActions } from "../graph/useActions";
import { getTitle } from "../graph/document";
import { useGraph } from "../graph/useGraph";
import { useShownRun } from "../run/useShownRun";
import text from "../ui/text.module.css";

/** Announces the end of each node and of the run to screen readers, once and by name. */
export function Announcer() {
  const actions = useActions();
  const nodes = useGraph((graph) => graph.graph.nodes);
  const states = useShownRun(({ state }) => nodes.map((node) => state.nodes[node.id]?.state ?? "").join(" "));
  const status = useShownRun(({ state }) => state.status);
  const ended = states.split(" ");
  return (
    <div className={text.hidden} role="log" aria-live="polite" aria-label="Progress">
      {nodes.map((node, index) => {
        const state = ended[index] ?? "";
        if (state === "" || state === "running") return null;
        return (
          <p key={`${node.id} ${state}`}>{`${getTitle(node, getAction(actions, node).title)}: ${state}.`}</p>
        );
      })}
      {status === "waiting" || status === "running" ? null : <p>Run {status}.</p>}
    </div>
  );
}
