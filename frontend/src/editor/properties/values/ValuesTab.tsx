import type { ReactNode } from "react";
import type { NodeValues } from "../../../api/types";
import { describeError } from "../../../api/refusals";
import { useShownRun } from "../../../run/useShownRun";
import { Notice } from "../../../ui/feedback/Notice";
import { SkeletonRows } from "../../../ui/feedback/Skeleton";
import { useShownNodeValues } from "./useShownNodeValues";
import styles from "./values.module.css";

interface ValuesTabProps {
  node: string;
  pass: number | null;
  /** What the tab says while no run is shown. */
  empty: ReactNode;
  children: (values: NodeValues) => ReactNode;
}

/** Loads the values of the node in the shown run; says so when there is no run, or its log is gone. */
export function ValuesTab({ empty, ...props }: ValuesTabProps) {
  const run = useShownRun((shown) => shown.run);
  return run === null ? (
    <p className={styles.none}>{empty}</p>
  ) : (
    <LoadedValues key={run} run={run} {...props} />
  );
}

function LoadedValues({ run, node, pass, children }: Omit<ValuesTabProps, "empty"> & { run: string }) {
  const { data, error } = useShownNodeValues(run, node, pass);
  if (data) return children(data);
  return error ? (
    <Notice kind="warning">{describeError(error)}</Notice>
  ) : (
    <SkeletonRows rows={3} label="Loading what the node received and gave" />
  );
}
