import { MenuItem } from "../../ui/overlays/Menu";

interface DeleteItemProps {
  /** Why the resource cannot be deleted now, in a few words; the dialog says more. */
  obstacle: string | null;
  onSelect: () => void;
  children?: string;
}

/** The item of a menu that deletes a resource; grey, with the reason, while the server would refuse. */
export function DeleteItem({ obstacle, onSelect, children = "Delete" }: DeleteItemProps) {
  return (
    <MenuItem
      icon="trash"
      danger={obstacle === null}
      muted={obstacle !== null}
      hint={obstacle ?? undefined}
      onSelect={onSelect}
    >
      {children}
    </MenuItem>
  );
}
