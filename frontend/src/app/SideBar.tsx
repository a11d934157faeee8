import type { ReactNode } from "react";
import { NavLink } from "react-router";
import { withBasePath } from "../api/server-address";
import { useSwitchWorkspace } from "../api/session";
import { joinClasses } from "../ui/classes";
import { Icon, type IconName, Mark } from "../ui/icons/Icon";
import { Menu, MenuChoices } from "../ui/overlays/Menu";
import text from "../ui/text.module.css";
import { roleTitles, useIsAdmin, useMayEdit, useSession } from "../pages/account/session";
import styles from "./Shell.module.css";
import { UserMenu } from "../pages/account/UserMenu";

export function SideBar() {
  const admin = useIsAdmin();
  const mayEdit = useMayEdit();
  return (
    <header className={styles.side}>
      <WorkspaceName />
      <nav className={styles.nav} aria-label="Main">
        <SideLink to="/flows" icon="flows" title="Flows" />
        {admin ? <SideLink to="/connections" icon="plug" title="Connections" /> : null}
        {admin ? <SideLink to="/variables" icon="variable" title="Variables" /> : null}
        <SideLink to="/collections" icon="collection" title="Collections" />
        {admin ? <SideLink to="/api-keys" icon="key" title="API keys" /> : null}
        {mayEdit ? <SideLink to="/queue" icon="clock" title="Queue" /> : null}
        <SideLink to="/usage" icon="bars" title="Usage" />
        {admin ? <SideLink to="/members" icon="people" title="Members" /> : null}
        {admin ? <SideLink to="/audit-log" icon="history" title="Audit log" /> : null}
      </nav>
      <div className={styles.foot}>
        <a href={withBasePath("/docs/")} className={styles.link}>
          <Icon name="book" />
          <span>Documentation</span>
        </a>
        <div className={styles.person}>
          <UserMenu />
        </div>
      </div>
    </header>
  );
}

function SideLink({ to, icon, title }: { to: string; icon: IconName; title: string }) {
  return (
    <NavLink to={to} className={({ isActive }) => joinClasses(styles.link, isActive && styles.here)}>
      <Icon name={icon} />
      <span>{title}</span>
    </NavLink>
  );
}

function WorkspaceName() {
  const { workspace, workspaces } = useSession();
  const name = (
    <>
      <Mark />
      <b className={text.clip}>{workspace.name}</b>
    </>
  );
  return workspaces.length > 1 ? (
    <WorkspaceMenu>{name}</WorkspaceMenu>
  ) : (
    <div className={styles.ws}>{name}</div>
  );
}

function WorkspaceMenu({ children }: { children: ReactNode }) {
  const { workspace, workspaces } = useSession();
  const change = useSwitchWorkspace();
  return (
    <Menu
      align="start"
      trigger={
        <button type="button" className={styles.ws} aria-label={`Workspace ${workspace.name}`}>
          {children}
          <Icon name="down" size={14} className={styles.chevron} />
        </button>
      }
    >
      <MenuChoices
        label="Workspace"
        value={workspace.id}
        choices={workspaces.map(({ id, name, role }) => ({ value: id, title: name, hint: roleTitles[role] }))}
        onChange={(id) => change.mutate(id)}
      />
    </Menu>
  );
}
