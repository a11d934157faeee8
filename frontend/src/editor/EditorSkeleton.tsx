import { Skeleton } from "../ui/feedback/Skeleton";
import styles from "./EditorSkeleton.module.css";

/** Shows the shape of the editor while the flow is loaded. */
export function EditorSkeleton() {
  return (
    <div className={styles.page} role="status" aria-label="Loading the flow">
      <div className={styles.bar}>
        <Skeleton width={24} height={24} />
        <Skeleton width={200} height={14} />
      </div>
      <div className={styles.palette}>
        {Array.from({ length: 8 }, (_, row) => (
          <Skeleton key={row} width={`${110 + ((row * 37) % 60)}px`} height={14} />
        ))}
      </div>
      <div className={styles.ground}>
        {[132, 269, 420].map((height) => (
          <Skeleton key={height} width={200} height={height} />
        ))}
      </div>
    </div>
  );
}
