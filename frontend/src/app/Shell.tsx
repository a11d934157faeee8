import { Outlet } from "react-router";
import styles from "./Shell.module.css";
import { SetupFaults } from "./SetupFaults";
import { SideBar } from "./SideBar";

/** Shows the side bar and a page beside it. Below 800 px the side bar is a row above the page. */
export function Shell() {
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#page">
        Skip to the page
      </a>
      <SideBar />
      <div id="page" className={styles.page} tabIndex={-1}>
        <SetupFaults />
        <Outlet />
      </div>
    </div>
  );
}
