import { IconButton } from "../../../ui/controls/Button";

interface OpenListButtonProps {
  label: string;
  /** The id of the box whose list it opens: the focus goes there. */
  box: string;
  onToggle: () => void;
}

/** Opens and closes the list of a box, for who does not know that typing does. */
export function OpenListButton({ label, box, onToggle }: OpenListButtonProps) {
  return (
    <IconButton
      icon="down"
      label={label}
      tabIndex={-1}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => {
        document.getElementById(box)?.focus();
        onToggle();
      }}
    />
  );
}
