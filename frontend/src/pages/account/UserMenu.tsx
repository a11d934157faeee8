import { useState } from "react";
import { useNavigate } from "react-router";
import { joinClasses } from "../../ui/classes";
import { Menu, MenuChoices, MenuItem, MenuSeparator } from "../../ui/overlays/Menu";
import text from "../../ui/text.module.css";
import { setTheme, themes, useTheme } from "../../ui/theme";
import { roleTitles, useIsAdmin, useSession } from "./session";
import { StorageDialog } from "./StorageDialog";
import { useSignOutAndLeave } from "./useSignOutAndLeave";
import styles from "./UserMenu.module.css";

/** The menu of the person: theme, account and signing out, and for admins storage. `compact` shows only the initials, for a top bar. */
export function UserMenu({ compact = false }: { compact?: boolean }) {
  const { user, workspace } = useSession();
  const theme = useTheme();
  const isAdmin = useIsAdmin();
  const [isStorageOpen, setIsStorageOpen] = useState(false);
  const signOut = useSignOutAndLeave();
  const navigate = useNavigate();
  return (
    <>
      <Menu
        align={compact ? "end" : "start"}
        side={compact ? "bottom" : "top"}
        trigger={
          <button type="button" className={joinClasses(styles.me, compact && styles.compact)}>
            <span className={styles.avatar} aria-hidden="true">
              {getInitials(user.name)}
            </span>
            <span className={joinClasses(styles.name, text.clip)}>
              {user.name}
              <small>{roleTitles[workspace.role]}</small>
            </span>
            <span className={text.hidden}>: theme and signing out</span>
          </button>
        }
      >
        <MenuChoices label="Theme" value={theme} choices={themes} onChange={setTheme} />
        <MenuSeparator />
        {isAdmin ? (
          <MenuItem icon="collection" onSelect={() => setIsStorageOpen(true)}>
            Storage
          </MenuItem>
        ) : null}
        <MenuItem icon="person" onSelect={() => void navigate("/account")}>
          Account
        </MenuItem>
        <MenuItem icon="clock" onSelect={() => void navigate("/stream-check")}>
          Stream check
        </MenuItem>
        <MenuItem icon="signOut" onSelect={signOut}>
          Sign out
        </MenuItem>
      </Menu>
      {isStorageOpen ? <StorageDialog onClose={() => setIsStorageOpen(false)} /> : null}
    </>
  );
}

/** The first letters of the first and the last word. */
function getInitials(name: string): string {
  const words = name.split(/[\s._@-]+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word?.[0] ?? "");
  return letters.join("").toUpperCase();
}
