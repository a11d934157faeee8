import { Link } from "react-router";
import { useMe } from "../../api/session";
import { Icon } from "../../ui/Icon";
import { Tooltip } from "../../ui/Tooltip";
import styles from "./ConnectionControl.module.css";

/** The way to the connections, for those who may see them. */
export function ToConnections() {
  const me = useMe();
  if (me.data?.workspace.role !== "admin") return null;
  return (
    <Tooltip text="Open the connections">
      <Link to="/connections" className={styles.link} aria-label="Open the connections">
        <Icon name="open" size={12} />
      </Link>
    </Tooltip>
  );
}
