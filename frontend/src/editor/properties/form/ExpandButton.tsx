import { useState } from "react";
import { IconButton } from "../../../ui/controls/Button";
import { Dialog, DialogBody } from "../../../ui/overlays/Dialog";
import text from "../../../ui/text.module.css";
import { Tooltip } from "../../../ui/overlays/Tooltip";
import { Control } from "./Control";
import type { ControlProps } from "./control-props";
import styles from "./PropertyField.module.css";

/** Opens the same text in a dialog. Every change there changes the field at once. */
export function ExpandButton({ control }: { control: ControlProps }) {
  const [open, setOpen] = useState(false);
  const { property, naming } = control;
  const id = `${naming.id}-large`;
  const { mode, template, variable } = control.field.draft;
  const end = (mode === "template" ? template : variable)?.length ?? 0;
  return (
    <>
      <Tooltip text="Open in a larger editor">
        <IconButton
          icon="expand"
          label={`Open ${property.title} in a larger editor`}
          className={styles.expand}
          onClick={() => setOpen(true)}
        />
      </Tooltip>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        size="wide"
        title={property.title}
        description={property.description}
      >
        <DialogBody>
          <span id={`${id}-label`} className={text.hidden}>
            {property.title}
          </span>
          <Control {...control} large caret={end} naming={{ ...naming, id, labelledBy: `${id}-label` }} />
        </DialogBody>
      </Dialog>
    </>
  );
}
