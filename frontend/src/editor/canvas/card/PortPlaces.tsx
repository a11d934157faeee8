import { Handle } from "@xyflow/react";
import type { ActionDescription } from "../../../api/types";
import { EXECUTION_INPUT_PORT, HOST_PORT } from "../../../graph/document";
import type { Port } from "../../../graph/rules";
import { computeAttachmentPortX, computeExecutionPortY } from "../placement/geometry";
import { describeHandle } from "./PortMark";
import styles from "./PortMark.module.css";

type CardPort = Omit<Port, "node">;

const INPUT: CardPort = { kind: "execution", side: "target", name: EXECUTION_INPUT_PORT };
const HOST: CardPort = { kind: "attachment", side: "target", name: HOST_PORT };

/** The places of the ports of a card that is far outside the view, so that its edges have their ends. */
export function PortPlaces({ action }: { action: ActionDescription }) {
  return listPorts(action).map(([port, offset]) => (
    <Handle
      key={`${port.side} ${port.name}`}
      {...describeHandle(port, offset)}
      className={styles.port}
      isConnectable={false}
      aria-hidden="true"
    />
  ));
}

/** The ports of a card, each with its place in px: from the top of the card, or from its left for an attachment. */
function listPorts(action: ActionDescription): [CardPort, number][] {
  if (action.role === "helper") return [[HOST, action.width / 2]];
  const inputs: [CardPort, number][] = action.input ? [[INPUT, computeExecutionPortY(0)]] : [];
  const outputs = action.branches.map(({ name }, row): [CardPort, number] => [
    { kind: "execution", side: "source", name },
    computeExecutionPortY(row),
  ]);
  const slots = action.attachments.map(({ name }, index): [CardPort, number] => [
    { kind: "attachment", side: "source", name },
    computeAttachmentPortX(action, index),
  ]);
  return [...inputs, ...outputs, ...slots];
}
