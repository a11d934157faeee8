import { useEffect } from "react";
import { connectWords, cutConnect, finishConnect, turnCandidate, turnPort } from "./key-connect";
import { besideCard } from "./focus";
import { changeUi, type KeyConnect, useCanvasUi } from "../ui-store";
import { type ActionIndex } from "../../../graph/action-index";
import { useActions } from "../../../graph/useActions";
import { graphStore } from "../../../graph/store";
import { useGraph } from "../../../graph/useGraph";
import styles from "./ConnectBar.module.css";

/** Says what `Enter` would join while two ports are chosen by keys. */
export function ConnectBar() {
  const now = useCanvasUi((ui) => ui.keyConnect);
  return now ? <Choosing now={now} /> : null;
}

function Choosing({ now }: { now: KeyConnect }) {
  const actions = useActions();
  const graph = useGraph((state) => state.graph);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      event.preventDefault();
      event.stopPropagation();
      turn(event.key, now, actions);
    };
    document.addEventListener("keydown", pressed, { capture: true });
    return () => document.removeEventListener("keydown", pressed, { capture: true });
  }, [now, actions]);
  return (
    <p className={styles.bar} role="status">
      <b>{connectWords(graph, actions, now)}</b>
      <span>
        <kbd>↑</kbd> <kbd>↓</kbd> another · <kbd>←</kbd> <kbd>→</kbd> port · <kbd>Enter</kbd>{" "}
        {now.candidates.length === 0 ? "adds an action that fits" : "joins"} · <kbd>⌫</kbd> takes the edge
        away · <kbd>Esc</kbd> leaves
      </span>
    </p>
  );
}

function turn(key: string, now: KeyConnect, actions: ActionIndex): void {
  const { graph } = graphStore.getState();
  if (key === "Enter" && now.candidates.length === 0) addWhatFits(now);
  else if (key === "Enter") finishConnect(now);
  else if (key === "Backspace" || key === "Delete") cutConnect(graph, now);
  else if (key === "Escape" || key === "Tab") changeUi({ keyConnect: null });
  else if (key === "ArrowDown" || key === "ArrowUp") {
    changeUi({ keyConnect: turnCandidate(now, key === "ArrowDown" ? 1 : -1) });
  } else if (key === "ArrowRight" || key === "ArrowLeft") {
    changeUi({ keyConnect: turnPort(graph, actions, now, key === "ArrowRight" ? 1 : -1) });
  }
}

/** The palette beside the card, with only the actions that the port takes. */
function addWhatFits({ from }: KeyConnect): void {
  const target = { kind: "port", port: from, position: null } as const;
  changeUi({ keyConnect: null, picker: { at: besideCard(from.node), target } });
}
