import type { KeyboardEvent, MouseEvent, Ref } from "react";
import { IconButton } from "../ui/controls/Button";
import text from "../ui/text.module.css";
import { joinClasses } from "../ui/classes";
import styles from "./PictureDialog.module.css";

interface PictureDialogProps {
  ref: Ref<HTMLDialogElement>;
  name: string;
  picture: string;
}

/** An image as large as the window allows. Escape, the button and a click beside it close it. */
export function PictureDialog({ ref, name, picture }: PictureDialogProps) {
  const press = (event: KeyboardEvent<HTMLDialogElement>) => {
    if (event.key !== "Escape") return;
    event.preventDefault(); // which also keeps a widget open
    event.currentTarget.close();
  };
  const click = (event: MouseEvent<HTMLDialogElement>) => {
    if (event.target === event.currentTarget) event.currentTarget.close();
  };
  return (
    <dialog ref={ref} className={styles.dialog} aria-label={name} onKeyDown={press} onClick={click}>
      <div className={styles.head}>
        <p className={joinClasses(text.grow, text.clip)}>{name}</p>
        <IconButton
          icon="close"
          label="Close"
          size="l"
          onClick={(event) => event.currentTarget.closest("dialog")?.close()}
        />
      </div>
      <img className={styles.picture} src={picture} alt={name} />
    </dialog>
  );
}
