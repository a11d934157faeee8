import type { ConnectionKind } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { Menu, MenuItem } from "../../ui/overlays/Menu";

interface NewConnectionButtonProps {
  kinds: ConnectionKind[];
  onChoose: (kind: ConnectionKind) => void;
}

/** Asks for the kind only when there are several. */
export function NewConnectionButton({ kinds, onChoose }: NewConnectionButtonProps) {
  const [only] = kinds;
  if (!only) return null;
  if (kinds.length === 1) {
    return (
      <Button kind="solid" size="l" icon="add" onClick={() => onChoose(only)}>
        New connection
      </Button>
    );
  }
  return (
    <Menu
      trigger={
        <Button kind="solid" size="l" icon="add">
          New connection
        </Button>
      }
    >
      {kinds.map((kind) => (
        <MenuItem key={kind.kind} hint={kind.description} onSelect={() => onChoose(kind)}>
          {kind.title}
        </MenuItem>
      ))}
    </Menu>
  );
}
