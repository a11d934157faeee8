import { Link } from "react-router";
import { useFlowNames } from "../../../api/flows";
import type { ActionDescription, ReceivedValue } from "../../../api/types";
import styles from "./values.module.css";

interface CalledFlowNoteProps {
  action: ActionDescription;
  received: readonly ReceivedValue[];
}

/** Says, under a node that ran another flow, where the nodes of that flow are read: their values are not in this run. */
export function CalledFlowNote({ action, received }: CalledFlowNoteProps) {
  const name = action.properties.find(({ widget }) => widget === "flow")?.name;
  const flow = received.find((value) => value.name === name)?.value;
  return typeof flow === "string" ? <Note flow={flow} /> : null;
}

function Note({ flow }: { flow: string }) {
  const names = useFlowNames().data;
  const called = names?.find(({ id }) => id === flow);
  if (!names) return null;
  return (
    <p className={styles.none}>
      A run keeps no values of the nodes in a flow that it calls.{" "}
      {called ? (
        <>
          To read them, open <Link to={`/flows/${flow}`}>{called.name}</Link> and run it there.
        </>
      ) : (
        "The called flow was deleted."
      )}
    </p>
  );
}
