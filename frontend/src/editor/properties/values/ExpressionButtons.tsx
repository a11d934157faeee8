import { use } from "react";
import { IconButton } from "../../../ui/controls/Button";
import { CopyButton } from "../../../ui/controls/CopyButton";
import { Tooltip } from "../../../ui/overlays/Tooltip";
import { InsertContext } from "./useInsert";
import styles from "./values.module.css";

/** Copies the expression, or writes it into the field that the person was in last. */
export function ExpressionButtons({ path }: { path: string }) {
  const insert = use(InsertContext);
  return (
    <>
      {insert ? (
        <Tooltip text={`Insert into ${insert.title}`}>
          <IconButton
            icon="add"
            label={`Insert {{ ${path} }} into ${insert.title}`}
            className={styles.insert}
            onClick={() => insert.perform(path)}
          />
        </Tooltip>
      ) : null}
      <CopyButton kind="quiet" label={`Copy {{ ${path} }}`} text={`{{ ${path} }}`} className={styles.copy} />
    </>
  );
}
