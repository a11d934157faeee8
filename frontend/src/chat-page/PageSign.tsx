import type { OpenChatPage } from "../api/types";
import { joinClasses } from "../ui/classes";
import { withBasePath } from "../api/server-address";
import { pageAddress } from "./frame";
import styles from "./PageSign.module.css";

/** The sign of the page: its logo, or the first letter of its title in its colour. */
export function PageSign({ page, isLarge = false }: { page: OpenChatPage; isLarge?: boolean }) {
  const { logo, title } = page;
  if (logo !== null)
    return (
      <img
        className={joinClasses(styles.logo, isLarge && styles.large)}
        src={withBasePath(`/chat/${pageAddress}/logo?v=${logo}`)}
        alt=""
      />
    );
  return (
    <span className={joinClasses(styles.letter, isLarge && styles.large)} aria-hidden="true">
      {String.fromCodePoint(title.codePointAt(0) ?? 0x20).toUpperCase()}
    </span>
  );
}
