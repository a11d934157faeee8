import { Link } from "react-router";
import { useMe } from "../../../api/session";
import type { Binding } from "../../../api/types";
import { Icon } from "../../../ui/icons/Icon";
import { Tooltip } from "../../../ui/overlays/Tooltip";
import styles from "./ConnectionControl.module.css";

interface OpenResourceLinkProps {
  /** The page of the resource that a value names; null for none. */
  findResource: (value: Binding | undefined, isAdmin: boolean) => { to: string; title: string } | null;
  value: Binding | undefined;
}

/** Opens the page of the resource that the property names. */
export function OpenResourceLink({ findResource, value }: OpenResourceLinkProps) {
  const me = useMe();
  const resource = findResource(value, me.data?.workspace.role === "admin");
  if (!resource) return null;
  return (
    <Tooltip text={resource.title}>
      <Link to={resource.to} className={styles.link} aria-label={resource.title}>
        <Icon name="open" size={12} />
      </Link>
    </Tooltip>
  );
}
