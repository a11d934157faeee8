import { useEffect } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { Outlet } from "react-router";
import { queryKeys } from "../api/query-keys";
import { onServerReady, onSignedOut, watchServer } from "../api/server-state";
import styles from "./Frame.module.css";
import { ServerNotice } from "./ServerNotice";

/** Every page, below the line that says when the server cannot be used. Pages load again when it can. */
export function Frame() {
  const client = useQueryClient();
  useEffect(() => {
    const endWatch = watchServer();
    const endLoading = onServerReady(() => void client.invalidateQueries());
    // A socket that closes does not say whether the session has ended, or the membership alone.
    const endCheck = onSignedOut(
      () => void client.invalidateQueries({ queryKey: queryKeys.me }, { cancelRefetch: false }),
    );
    return () => {
      endWatch();
      endLoading();
      endCheck();
    };
  }, [client]);
  return (
    <div className={styles.frame}>
      <ServerNotice />
      <div className={styles.page}>
        <Outlet />
      </div>
    </div>
  );
}
