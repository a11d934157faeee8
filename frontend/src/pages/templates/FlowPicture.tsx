import { useCatalogue } from "../../api/catalogue";
import type { ActionRole, Graph, GraphNode } from "../../api/types";
import { joinClasses } from "../../ui/classes";
import { type NodeBox, placeNodes } from "./place-nodes";
import styles from "./FlowPicture.module.css";

const BAR = 6;

/** A small picture of a graph: its nodes where they stand, in the colours of their roles, and what joins them. */
export function FlowPicture({ graph }: { graph: Graph }) {
  const roles = useRoles();
  const { boxes, width, height } = placeNodes(graph);
  const boxOf = new Map(boxes.map((box) => [box.node.id, box]));
  return (
    <svg className={styles.picture} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {graph.edges.map(({ id, kind, source, target }) => {
        const [from, to] = [boxOf.get(source), boxOf.get(target)];
        if (!from || !to) return null;
        return (
          <path
            key={id}
            className={styles[kind]}
            d={kind === "execution" ? step(from, to) : hang(from, to)}
          />
        );
      })}
      {boxes.map((box) => (
        <Box key={box.node.id} box={box} role={roles(box.node)} />
      ))}
    </svg>
  );
}

function Box({ box: { x, y, width, height }, role }: { box: NodeBox; role: ActionRole }) {
  return (
    <g className={styles.box}>
      <rect x={x} y={y} width={width} height={height} rx="10" />
      {role === "helper" ? null : (
        <rect
          className={joinClasses(styles.bar, styles[role])}
          x={x}
          y={y}
          width={width}
          height={BAR}
          rx="3"
        />
      )}
      <path className={styles.title} d={`M${x + 18} ${y + 28}h${width * 0.56}`} />
      {height > 60 ? (
        <path
          className={styles.line}
          d={`M${x + 18} ${y + 52}h${width - 36}M${x + 18} ${y + 72}h${width * 0.5}`}
        />
      ) : null}
    </g>
  );
}

/** Returns a line from the right side of a node to the left side of the next one, turning in the middle. */
function step(from: NodeBox, to: NodeBox): string {
  const [x, y] = [from.x + from.width, from.y + from.height / 2];
  const target = to.y + to.height / 2;
  const middle = (x + to.x) / 2;
  return `M${x} ${y}H${middle}V${target}H${to.x}`;
}

/** Returns a line from the bottom of a host to the top of its helper. */
function hang(host: NodeBox, helper: NodeBox): string {
  const x = helper.x + helper.width / 2;
  return `M${x} ${host.y + host.height}V${helper.y}`;
}

function useRoles(): (node: GraphNode) => ActionRole {
  const { data } = useCatalogue();
  const roles = new Map(data?.actions.map(({ type, role }) => [type, role]));
  return ({ action }) => roles.get(action) ?? "action";
}
