import type { ReactNode } from "react";
import { joinClasses } from "../classes";
import styles from "./Icon.module.css";

/** The glyphs of the app: 24 × 24, stroked with the current colour. */
const drawings = {
  add: <path d="M12 5v14M5 12h14" />,
  alert: (
    <>
      <path d="M10.4 4.6 2.9 17.5a1.9 1.9 0 0 0 1.6 2.8h15a1.9 1.9 0 0 0 1.6-2.8L13.6 4.6a1.9 1.9 0 0 0-3.2 0z" />
      <path d="M12 9.5v4M12 16.8v.1" />
    </>
  ),
  again: <path d="M20 11a8 8 0 0 0-14.3-4L4 9M4 4.5V9h4.5M4 13a8 8 0 0 0 14.3 4L20 15M20 19.5V15h-4.5" />,
  attach: (
    <path d="m19.5 11.5-7.6 7.6a4.7 4.7 0 0 1-6.7-6.7l7.9-7.9a3.1 3.1 0 0 1 4.5 4.5l-7.6 7.6a1.6 1.6 0 0 1-2.3-2.3l6.8-6.8" />
  ),
  book: (
    <path d="M5 4.5A1.5 1.5 0 0 1 6.5 3H19v18H6.5A1.5 1.5 0 0 1 5 19.5zM5 17.5A1.5 1.5 0 0 1 6.5 16H19" />
  ),
  clock: (
    <>
      <circle cx="12" cy="12" r="9" />
      <path d="M12 7v5.2l3.3 1.9" />
    </>
  ),
  bad: (
    <path d="M7.5 13V4H5a1.5 1.5 0 0 0-1.5 1.5v6A1.5 1.5 0 0 0 5 13zM7.5 13l3.7 7.5a2.3 2.3 0 0 0 2.3-2.3V15h5a2 2 0 0 0 2-2.3l-1.2-7A2 2 0 0 0 17.3 4H7.5" />
  ),
  good: (
    <path d="M7.5 11v9H5a1.5 1.5 0 0 1-1.5-1.5v-6A1.5 1.5 0 0 1 5 11zM7.5 11l3.7-7.5a2.3 2.3 0 0 1 2.3 2.3V9h5a2 2 0 0 1 2 2.3l-1.2 7a2 2 0 0 1-2 1.7H7.5" />
  ),
  bars: <path d="M4 20h16M7.5 16v-4M12 16V5M16.5 16V9" />,
  chat: (
    <path d="M5.5 4.5h13A1.5 1.5 0 0 1 20 6v9a1.5 1.5 0 0 1-1.5 1.5h-6L8 20.5v-4H5.5A1.5 1.5 0 0 1 4 15V6a1.5 1.5 0 0 1 1.5-1.5zM8 9h8M8 12.5h5" />
  ),
  close: <path d="M6 6l12 12M18 6 6 18" />,
  collection: (
    <>
      <path d="M4 6.5C4 4.8 7.6 3.5 12 3.5s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3z" />
      <path d="M4 6.5v11c0 1.7 3.6 3 8 3s8-1.3 8-3v-11M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3" />
    </>
  ),
  copy: (
    <>
      <rect x="8.5" y="8.5" width="12" height="12" rx="2" />
      <path d="M15.5 5.5v-.5a1.5 1.5 0 0 0-1.5-1.5H5A1.5 1.5 0 0 0 3.5 5v9A1.5 1.5 0 0 0 5 15.5h.5" />
    </>
  ),
  dash: <path d="M5 12h14" />,
  document: (
    <path d="M13.5 3.5H7A1.5 1.5 0 0 0 5.5 5v14A1.5 1.5 0 0 0 7 20.5h10a1.5 1.5 0 0 0 1.5-1.5V8.5zM13.5 3.5v5h5M9 13h6M9 16.5h4" />
  ),
  down: <path d="m6 9.5 6 6 6-6" />,
  edit: <path d="M4 20h4L19 9a2.1 2.1 0 0 0 0-3l-1-1a2.1 2.1 0 0 0-3 0L4 16zM13.5 6.5l4 4" />,
  expand: <path d="M14 4h6v6M20 4l-7 7M10 20H4v-6M4 20l7-7" />,
  failed: (
    <>
      <circle cx="12" cy="12" r="9" />
      <path d="m9 9 6 6M15 9l-6 6" />
    </>
  ),
  flows: (
    <>
      <rect x="3" y="3" width="7.5" height="7.5" rx="2" />
      <rect x="13.5" y="13.5" width="7.5" height="7.5" rx="2" />
      <path d="M6.7 10.5v4.2a2.5 2.5 0 0 0 2.5 2.5h4.3" />
    </>
  ),
  key: (
    <>
      <circle cx="8" cy="15.5" r="4.5" />
      <path d="m11.3 12.3 8.2-8.2M16 7.5l3 3M13.5 10l2 2" />
    </>
  ),
  literal: (
    <>
      <path d="M3.5 18 8.2 6h.6l4.7 12M5.2 14h6.6" />
      <circle cx="17.7" cy="15" r="2.9" />
      <path d="M20.6 12v6" />
    </>
  ),
  lock: (
    <>
      <rect x="5" y="11" width="14" height="9.5" rx="2" />
      <path d="M8 11V7.5a4 4 0 0 1 8 0V11" />
    </>
  ),
  menu: <path d="M4 7h16M4 12h16M4 17h16" />,
  more: <path d="M5.5 12h.1M12 12h.1M18.5 12h.1" strokeWidth="2.8" />,
  open: (
    <path d="M14 4h6v6M20 4l-9 9M18 14v4.5a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 4 18.5v-11A1.5 1.5 0 0 1 5.5 6H10" />
  ),
  people: (
    <>
      <circle cx="9" cy="8.5" r="3.5" />
      <path d="M2.8 19.5c.5-3.3 3-5.2 6.2-5.2s5.7 1.9 6.2 5.2M15.5 5.3a3.5 3.5 0 0 1 0 6.4M17.6 14.9c2 .8 3.3 2.4 3.6 4.6" />
    </>
  ),
  person: (
    <>
      <circle cx="12" cy="8" r="4" />
      <path d="M4.5 20c.7-3.8 3.6-6 7.5-6s6.8 2.2 7.5 6" />
    </>
  ),
  plug: <path d="M9 3v5M15 3v5M6 8h12v3.5a6 6 0 0 1-12 0zM12 17.5V21" />,
  right: <path d="m9.5 6 6 6-6 6" />,
  search: (
    <>
      <circle cx="11" cy="11" r="6.5" />
      <path d="m16 16 4.5 4.5" />
    </>
  ),
  signOut: (
    <path d="M14 8V5.5A1.5 1.5 0 0 0 12.5 4h-7A1.5 1.5 0 0 0 4 5.5v13A1.5 1.5 0 0 0 5.5 20h7a1.5 1.5 0 0 0 1.5-1.5V16M9 12h11.5M17 8.5l3.5 3.5-3.5 3.5" />
  ),
  skip: <path d="M5 5.5v13L15 12zM19 5v14" />,
  stopped: <rect x="5.5" y="5.5" width="13" height="13" rx="2" fill="currentColor" stroke="none" />,
  template: (
    <path d="M8.5 4.5c-2 0-2.5 1-2.5 3v2c0 1.5-.6 2.5-2.2 2.5C5.4 12 6 13 6 14.5v2c0 2 .5 3 2.5 3M15.5 4.5c2 0 2.5 1 2.5 3v2c0 1.5.6 2.5 2.2 2.5-1.6 0-2.2 1-2.2 2.5v2c0 2-.5 3-2.5 3" />
  ),
  tick: <path d="m4.5 12.5 5 5 10-11" />,
  trash: (
    <path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12a1.5 1.5 0 0 0 1.5 1.5h6.4a1.5 1.5 0 0 0 1.5-1.5l.8-12M10.2 11v5.5M13.8 11v5.5" />
  ),
  download: <path d="M12 4v11.5M7 11l5 5 5-5M4 15v3.5A1.5 1.5 0 0 0 5.5 20h13a1.5 1.5 0 0 0 1.5-1.5V15" />,
  upload: <path d="M12 15.5V4M7 8.5 12 3.5l5 5M4 15v3.5A1.5 1.5 0 0 0 5.5 20h13a1.5 1.5 0 0 0 1.5-1.5V15" />,
  variable: (
    <path d="M6.5 6.5c1.6-.9 3-.3 3.7 1.5l3.6 8c.7 1.8 2.1 2.4 3.7 1.5M17.5 6.8c-1.3-.9-2.7-.3-3.9 1.2l-5.2 8c-1.2 1.5-2.3 2-3.4 1.3" />
  ),
  works: (
    <>
      <circle cx="12" cy="12" r="9" />
      <path d="m8 12.3 2.8 2.8L16 9.6" />
    </>
  ),
  below: <path d="M12 4v15.5M5.5 13l6.5 6.5 6.5-6.5" />,
  events: <path d="M9 6h11.5M9 12h11.5M9 18h11.5M4 6h.1M4 12h.1M4 18h.1" />,
  eye: (
    <>
      <path d="M2.5 12c2-4 5.3-6.5 9.5-6.5s7.5 2.5 9.5 6.5c-2 4-5.3 6.5-9.5 6.5S4.5 16 2.5 12z" />
      <circle cx="12" cy="12" r="2.8" />
    </>
  ),
  fit: (
    <path d="M4 9V5.5A1.5 1.5 0 0 1 5.5 4H9M15 4h3.5A1.5 1.5 0 0 1 20 5.5V9M20 15v3.5a1.5 1.5 0 0 1-1.5 1.5H15M9 20H5.5A1.5 1.5 0 0 1 4 18.5V15" />
  ),
  map: (
    <>
      <rect x="3" y="4" width="18" height="16" rx="2.5" />
      <rect x="12" y="12" width="6" height="5" rx="1" />
    </>
  ),
  foldPanel: (
    <>
      <rect x="3" y="4" width="18" height="16" rx="2.5" />
      <path d="M9 4v16M16 9.5 13.5 12l2.5 2.5" />
    </>
  ),
  grip: <path d="M9 6h.1M15 6h.1M9 12h.1M15 12h.1M9 18h.1M15 18h.1" strokeWidth="2.6" />,
  history: <path d="M4.3 9A8.3 8.3 0 1 1 3.7 12.5M4 4.5V9h4.5M12 7.5v4.7l3.2 1.9" />,
  keptHere: (
    <>
      <path d="M7 18.5a4.2 4.2 0 0 1-.6-8.4 6 6 0 0 1 11.5 1.4 3.6 3.6 0 0 1-.4 7z" />
      <path d="M12 10.5v3.2M12 16v.1" />
    </>
  ),
  note: (
    <>
      <path d="M4 5.5A1.5 1.5 0 0 1 5.5 4h13A1.5 1.5 0 0 1 20 5.5V14l-6 6H5.5A1.5 1.5 0 0 1 4 18.5z" />
      <path d="M20 14h-4.5a1.5 1.5 0 0 0-1.5 1.5V20" />
    </>
  ),
  play: <path d="M7 4.5v15l12-7.5z" fill="currentColor" stroke="none" />,
  redo: <path d="m15.5 14 4.5-4.5L15.5 5M20 9.5H10a5.5 5.5 0 0 0 0 11h3" />,
  saved: (
    <>
      <path d="M7 18.5a4.2 4.2 0 0 1-.6-8.4 6 6 0 0 1 11.5 1.4 3.6 3.6 0 0 1-.4 7z" />
      <path d="m9.3 13.3 2 2 3.5-3.8" />
    </>
  ),
  saving: (
    <>
      <path d="M7 18.5a4.2 4.2 0 0 1-.6-8.4 6 6 0 0 1 11.5 1.4 3.6 3.6 0 0 1-.4 7z" />
      <path d="M9 14h.1M12 14h.1M15 14h.1" strokeWidth="2.2" />
    </>
  ),
  send: <path d="M12 20V4.5M5.5 11 12 4.5l6.5 6.5" />,
  stream: <path d="M4 6h16M4 11h11M4 16h6M14.5 13.5v6" />,
  tidy: (
    <>
      <rect x="3.5" y="4" width="6.5" height="5" rx="1.3" />
      <rect x="14" y="9.5" width="6.5" height="5" rx="1.3" />
      <rect x="3.5" y="15" width="6.5" height="5" rx="1.3" />
      <path d="M10 6.5h2v11h-2M12 12h2" />
    </>
  ),
  undo: <path d="M8.5 14 4 9.5 8.5 5M4 9.5h10a5.5 5.5 0 0 1 0 11h-3" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof drawings;

interface IconProps {
  name: IconName;
  /** 16 in controls, 14 beside small text, 12 inside chips. */
  size?: 16 | 14 | 12;
  className?: string;
}

/** A glyph beside a word. It is hidden from screen readers, because the word says the same. */
export function Icon({ name, size = 16, className }: IconProps) {
  return (
    <svg
      className={joinClasses(styles.icon, size === 12 && styles.bold, className)}
      viewBox="0 0 24 24"
      width={size}
      height={size}
      aria-hidden="true"
      focusable="false"
    >
      {drawings[name]}
    </svg>
  );
}

/** The sign of the product: three lines of water. */
export function Mark() {
  return (
    <svg
      className={styles.mark}
      viewBox="0 0 24 24"
      width="24"
      height="24"
      aria-hidden="true"
      focusable="false"
    >
      <path d="M3 7.5c3-2.6 6-2.6 9 0s6 2.6 9 0" />
      <path className={styles.middle} d="M3 12.5c3-2.6 6-2.6 9 0s6 2.6 9 0" />
      <path d="M3 17.5c3-2.6 6-2.6 9 0s6 2.6 9 0" />
    </svg>
  );
}
