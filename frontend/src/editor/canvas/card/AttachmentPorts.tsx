import type { ActionDescription, AttachmentSlot } from "../../../api/types";
import { findEdgeFrom, listEdgesInto, HOST_PORT } from "../../../graph/document";
import { useGraph } from "../../../graph/useGraph";
import { AddAfterButton } from "./AddAfterButton";
import styles from "./AttachmentPorts.module.css";
import { computeAttachmentPortX } from "../placement/geometry";
import { PortMark } from "./PortMark";

/** The attachment ports of a card, each with its diamond; on a helper, the diamond at its top. */
export function AttachmentPorts({ node, action }: { node: string; action: ActionDescription }) {
  if (action.role === "helper") return <HangingPort node={node} action={action} />;
  if (action.attachments.length === 0) return null;
  return (
    <div className={styles.row}>
      {action.attachments.map((slot, index) => (
        <span className={styles.name} key={slot.name}>
          {slot.title}
          <SlotPort node={node} slot={slot} offset={computeAttachmentPortX(action, index)} />
        </span>
      ))}
    </div>
  );
}

function SlotPort({ node, slot, offset }: { node: string; slot: AttachmentSlot; offset: number }) {
  const readOnly = useGraph((graph) => graph.readOnly);
  const isConnected = useGraph(({ graph }) => findEdgeFrom(graph, node, slot.name) !== undefined);
  const port = { node, kind: "attachment", side: "source", name: slot.name } as const;
  return (
    <>
      <PortMark
        port={port}
        look={isConnected ? "set" : "open"}
        label={`Attachment port ${slot.title}`}
        offset={offset}
        connectable={!readOnly}
      />
      {isConnected || readOnly ? null : <AddAfterButton port={port} title={slot.title} offset={offset} />}
    </>
  );
}

function HangingPort({ node, action }: { node: string; action: ActionDescription }) {
  const readOnly = useGraph((graph) => graph.readOnly);
  const isConnected = useGraph(({ graph }) => listEdgesInto(graph, node).length > 0);
  return (
    <PortMark
      port={{ node, kind: "attachment", side: "target", name: HOST_PORT }}
      look={isConnected ? "set" : "open"}
      label={`Attachment of ${action.title}`}
      offset={action.width / 2}
      connectable={!readOnly}
    />
  );
}
