import { useSession } from "../pages/account/session";
import { Notice } from "../ui/feedback/Notice";
import styles from "./Shell.module.css";

/** Tells an admin what is wrong with the server's settings, or that storage runs out. The server sends nothing of it to others. */
export function SetupFaults() {
  const { setup_faults: faults } = useSession();
  if (faults.length === 0) return null;
  return (
    <aside className={styles.faults} aria-label="The server's settings">
      {faults.map((fault) => (
        <Notice key={fault} kind="warning">
          {fault}
        </Notice>
      ))}
    </aside>
  );
}
