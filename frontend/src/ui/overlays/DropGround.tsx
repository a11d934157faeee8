import type { ReactNode } from "react";
import { joinClasses } from "../classes";
import { Icon } from "../icons/Icon";
import styles from "./DropGround.module.css";
import { useFileDrop } from "./useFileDrop";

interface DropGroundProps {
  /** What a drop does, such as "Drop to upload". */
  label: string;
  /** Absent for a person who may not drop files here. */
  onFiles: ((files: File[]) => void) | undefined;
  className?: string;
  children: ReactNode;
}

/** A part of the page that takes files, and says so while they are dragged above it. */
export function DropGround({ label, onFiles, className, children }: DropGroundProps) {
  const drop = useFileDrop(onFiles);
  return (
    <div className={joinClasses(styles.ground, drop.over && styles.over, className)} {...drop.props}>
      {children}
      {drop.over ? (
        <p className={styles.drop}>
          <Icon name="upload" />
          {label}
        </p>
      ) : null}
    </div>
  );
}
