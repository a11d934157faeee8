import { useEffect, useState } from "react";
import { openChatPage, openWidget } from "../api/chat-page";
import { ApiError } from "../api/client";
import { BASE_PATH, withBasePath } from "../api/server-address";
import type { OpenChatPage } from "../api/types";
import { Button } from "../ui/controls/Button";
import { Chat } from "./Chat";
import styles from "./ChatPage.module.css";
import { closeOnEscape, framingOrigin, pageAddress, tellPage } from "./frame";

type Opened = OpenChatPage | ApiError | null;

/** Opens the page at an address, or says why it cannot be opened. */
export function ChatPage({ address }: { address: string }) {
  const [opened, setOpened] = useState<Opened>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let isLeft = false;
    const open = framingOrigin === null ? openChatPage(address) : openWidget(address, framingOrigin);
    open.then(
      (page) => isLeft || setOpened(page),
      (error: unknown) => isLeft || setOpened(error instanceof ApiError ? error : unknownFailure),
    );
    return () => {
      isLeft = true;
    };
  }, [address, tries]);
  useEffect(() => (framingOrigin === null ? undefined : closeOnEscape()), []);
  useEffect(() => {
    if (opened) tellPage("ready");
    if (opened && !(opened instanceof ApiError)) describeToBrowser(opened);
  }, [opened]);
  if (opened === null) return <div className={styles.page} aria-busy="true" />;
  if (!(opened instanceof ApiError)) return <Chat address={address} page={opened} />;
  const again = () => {
    setOpened(null);
    setTries(tries + 1);
  };
  return <ClosedPage error={opened} onAgain={again} />;
}

/** Gives the tab its name and its icon, and lets the browser install the page as an app. */
function describeToBrowser({ title, logo, colour }: OpenChatPage): void {
  document.title = title;
  const icon = withBasePath(`/chat/${pageAddress}/icon.svg?v=${logo ?? colour}`);
  document.querySelector("link[rel=icon]")?.setAttribute("href", icon);
  if (framingOrigin !== null || document.querySelector("link[rel=manifest]")) return;
  const manifest = document.createElement("link");
  manifest.rel = "manifest";
  manifest.crossOrigin = "use-credentials"; // a page for members is told to members alone
  manifest.href = withBasePath(`/chat/${pageAddress}/app.webmanifest`);
  document.head.append(manifest);
}

const unknownFailure = new ApiError(0, { code: "failed", message: "The chat could not be opened." });

function ClosedPage({ error, onAgain }: { error: ApiError; onAgain: () => void }) {
  return (
    <main className={styles.closed}>
      <h1>{error.message}</h1>
      {error.hint ? <p>{error.hint}</p> : null}
      <p className={styles.ways}>
        <Button kind="solid" size="l" onClick={onAgain}>
          Try again
        </Button>
        {framingOrigin !== null ? (
          <Button size="l" onClick={() => tellPage("close")}>
            Close the chat
          </Button>
        ) : error.code === "no_chat_page" ? (
          <a href={getSignInAddress()}>Sign in</a>
        ) : null}
      </p>
      {error.requestId ? <code className={styles.id}>{error.requestId}</code> : null}
    </main>
  );
}

/** The sign-in page, which comes back to this one. */
function getSignInAddress(): string {
  const here = location.pathname.slice(BASE_PATH.length);
  return withBasePath(`/sign-in?next=${encodeURIComponent(here)}`);
}
