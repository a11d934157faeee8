import { useNavigate } from "react-router";
import { useSignOut } from "../../api/session";
import { joinClasses } from "../../ui/classes";
import { Menu, MenuChoices, MenuItem, MenuSeparator } from "../../ui/overlays/Menu";
import text from "../../ui/text.module.css";
import { setTheme, themes, useTheme } from "../../ui/theme";
import { showFailedToast } from "../../ui/feedback/toasts";
import { roleTitles, useSession } from "./session";
import styles from "./UserMenu.module.css";

/** The menu of the person: theme and signing out. `compact` shows only the initials, for a top bar. */
export function UserMenu({ compact = false }: { compact?: boolean }) {
  const { user, workspace } = useSession();
  const theme = useTheme();
  const signOut = useSignOutAndLeave();
  return (
    <Menu
      align={compact ? "end" : "start"}
      side={compact ? "bottom" : "top"}
      trigger={
        <button
          type="button"
          className={joinClasses(styles.me, compact && styles.compact)}
          aria-label={`${user.name}: theme and signing out`}
        >
          <span className={styles.avatar}>{getInitials(user.name)}</span>
          <span className={joinClasses(styles.name, text.clip)}>
            {user.name}
            <small>{roleTitles[workspace.role]}</small>
          </span>
        </button>
      }
    >
      <MenuChoices label="Theme" value={theme} choices={themes} onChange={setTheme} />
      <MenuSeparator />
      <MenuItem icon="signOut" onSelect={signOut}>
        Sign out
      </MenuItem>
    </Menu>
  );
}

function useSignOutAndLeave(): () => void {
  const signOut = useSignOut();
  const navigate = useNavigate();
  return () =>
    signOut.mutate(undefined, {
      onSuccess: () => void navigate("/sign-in"),
      onError: (error) => showFailedToast("Not signed out", { text: error.message }),
    });
}

/** The first letters of the first and the last word. */
function getInitials(name: string): string {
  const words = name.split(/[\s._@-]+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word?.[0] ?? "");
  return letters.join("").toUpperCase();
}
