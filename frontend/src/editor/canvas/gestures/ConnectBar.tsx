import { useEffect } from "react";
import {
  describeKeyConnect,
  disconnectPort,
  finishKeyConnect,
  chooseCandidate,
  choosePort,
} from "./key-connect";
import { getPlaceBesideCard } from "./focus";
import { changeCanvasUi, type KeyConnect, useCanvasUi } from "../ui-store";
import { type ActionIndex } from "../../../graph/action-index";
import { useActions } from "../../../graph/useActions";
import { graphStore } from "../../../graph/store";
import { useGraph } from "../../../graph/useGraph";
import styles from "./ConnectBar.module.css";

/** Shows what `Enter` would connect while the person chooses two ports with the keyboard. */
export function ConnectBar() {
  const now = useCanvasUi((ui) => ui.keyConnect);
  return now ? <KeyConnectBar now={now} /> : null;
}

function KeyConnectBar({ now }: { now: KeyConnect }) {
  const actions = useActions();
  const graph = useGraph((state) => state.graph);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      event.preventDefault();
      event.stopPropagation();
      handleKey(event.key, now, actions);
    };
    document.addEventListener("keydown", pressed, { capture: true });
    return () => document.removeEventListener("keydown", pressed, { capture: true });
  }, [now, actions]);
  return (
    <p className={styles.bar} role="status">
      <b>{describeKeyConnect(graph, actions, now)}</b>
      <span>
        <kbd>↑</kbd> <kbd>↓</kbd> another · <kbd>←</kbd> <kbd>→</kbd> port · <kbd>Enter</kbd>{" "}
        {now.candidates.length === 0 ? "adds an action that fits" : "connects"} · <kbd>⌫</kbd> deletes the
        edge · <kbd>Esc</kbd> cancels
      </span>
    </p>
  );
}

function handleKey(key: string, now: KeyConnect, actions: ActionIndex): void {
  const { graph } = graphStore.getState();
  if (key === "Enter" && now.candidates.length === 0) openPickerForPort(now);
  else if (key === "Enter") finishKeyConnect(now);
  else if (key === "Backspace" || key === "Delete") disconnectPort(graph, now);
  else if (key === "Escape" || key === "Tab") changeCanvasUi({ keyConnect: null });
  else if (key === "ArrowDown" || key === "ArrowUp") {
    changeCanvasUi({ keyConnect: chooseCandidate(now, key === "ArrowDown" ? 1 : -1) });
  } else if (key === "ArrowRight" || key === "ArrowLeft") {
    changeCanvasUi({ keyConnect: choosePort(graph, actions, now, key === "ArrowRight" ? 1 : -1) });
  }
}

/** Opens the list of actions beside the card, with only those that the port accepts. */
function openPickerForPort({ from }: KeyConnect): void {
  const target = { kind: "port", port: from, position: null } as const;
  changeCanvasUi({ keyConnect: null, picker: { at: getPlaceBesideCard(from.node), target } });
}
