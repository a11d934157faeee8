import { Handle, Position, useConnection } from "@xyflow/react";
import { useActions } from "../../../graph/useActions";
import { canConnect, createLink, type Port } from "../../../graph/rules";
import { graphStore } from "../../../graph/store";
import { joinClasses } from "../../../ui/classes";
import styles from "./PortMark.module.css";
import { useCanvasUi } from "../ui-store";

/** The id of a port in React Flow: `execution:continue`. */
export function getHandleId({ kind, name }: Pick<Port, "kind" | "name">): string {
  return `${kind}:${name}`;
}

export function parsePort(node: string, side: Port["side"], handle: string): Port {
  const [kind = "", name = ""] = handle.split(/:(.*)/s);
  return { node, side, kind: kind === "attachment" ? "attachment" : "execution", name };
}

/** `open` has no edge; `set` has one; `on` has carried a message; `live` carries messages now. */
export type PortLook = "open" | "set" | "on" | "live";

interface PortMarkProps {
  port: Port;
  look: PortLook;
  /** The name for screen readers, such as "Execution output Continue". */
  label: string;
  /** The middle of the port, in px: from the top of the card, or from its left for an attachment. */
  offset: number;
  connectable: boolean;
}

const HANDLE_POSITIONS = {
  execution: [Position.Right, Position.Left],
  attachment: [Position.Bottom, Position.Top],
} as const;

/** What React Flow needs to know of a port: its edges begin and end there. */
export function describeHandle(port: Omit<Port, "node">, offset: number) {
  return {
    id: getHandleId(port),
    type: port.side,
    position: HANDLE_POSITIONS[port.kind][port.side === "source" ? 0 : 1],
    style: port.kind === "execution" ? { top: offset } : { left: offset },
  };
}

/** A triangle or a diamond on the border of a card, with a target of 24 px. */
export function PortMark({ port, look, label, offset, connectable }: PortMarkProps) {
  const fit = usePortFit(port);
  const { kind } = port;
  return (
    <Handle
      {...describeHandle(port, offset)}
      isConnectable={connectable}
      className={joinClasses(styles.port, styles[kind], styles[look], styles[fit])}
      role="img"
      aria-label={label}
    >
      <svg viewBox="0 0 12 12" aria-hidden="true" className={styles.glyph}>
        {kind === "execution" ? (
          <path d="M2.2 1.9v8.2a.9.9 0 0 0 1.35.78l7-4.1a.9.9 0 0 0 0-1.56l-7-4.1A.9.9 0 0 0 2.2 1.9z" />
        ) : (
          <path d="M6 1 11 6 6 11 1 6z" />
        )}
      </svg>
    </Handle>
  );
}

type PortFit = "free" | "fits" | "chosen" | "apart";

/** How a port looks while a person draws an edge: ports that accept the edge keep their colour, the others fade. */
function usePortFit(port: Port): PortFit {
  const actions = useActions();
  const drawn = useConnection(({ fromHandle }) =>
    fromHandle ? `${fromHandle.type} ${fromHandle.nodeId} ${fromHandle.id ?? ""}` : null,
  );
  const typed = useCanvasUi(({ keyConnect }) => keyConnect);
  const from = typed?.from ?? parseDrawnHandle(drawn);
  if (!from || isSamePort(from, port)) return "free";
  const chosen = typed?.candidates[typed.chosen];
  if (chosen && isSamePort(chosen, port)) return "chosen";
  const link = createLink(from, port);
  return link && canConnect(graphStore.getState().graph, actions, link) ? "fits" : "apart";
}

function parseDrawnHandle(drawn: string | null): Port | null {
  const [side, node, handle] = drawn?.split(" ") ?? [];
  if (node === undefined || handle === undefined) return null;
  return parsePort(node, side === "source" ? "source" : "target", handle);
}

function isSamePort(a: Port, b: Port): boolean {
  return a.node === b.node && a.side === b.side && a.kind === b.kind && a.name === b.name;
}
