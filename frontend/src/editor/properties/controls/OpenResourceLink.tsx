import { Link } from "react-router";
import { useMe } from "../../../api/session";
import type { Binding, Widget } from "../../../api/types";
import { Icon } from "../../../ui/icons/Icon";
import { Tooltip } from "../../../ui/overlays/Tooltip";
import styles from "./ConnectionControl.module.css";

interface OpenResourceLinkProps {
  widget: Widget;
  value: Binding | undefined;
}

/** The way to what a property names: for connections, for those who may see them. */
export function OpenResourceLink({ widget, value }: OpenResourceLinkProps) {
  const me = useMe();
  const admin = me.data?.workspace.role === "admin";
  if (widget === "connection" && admin) return <PageLink to="/connections" title="Open the connections" />;
  if (widget === "collection") return <PageLink to="/collections" title="Open the collections" />;
  if (widget === "flow" && typeof value === "string" && value !== "")
    return <PageLink to={`/flows/${value}`} title="Open this flow" />;
  return null;
}

function PageLink({ to, title }: { to: string; title: string }) {
  return (
    <Tooltip text={title}>
      <Link to={to} className={styles.link} aria-label={title}>
        <Icon name="open" size={12} />
      </Link>
    </Tooltip>
  );
}
