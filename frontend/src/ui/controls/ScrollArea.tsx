import { type ComponentProps, type RefObject, useLayoutEffect, useRef, useState } from "react";
import { joinClasses } from "../classes";
import styles from "./ScrollArea.module.css";

interface ScrollAreaProps extends ComponentProps<"div"> {
  /** Names the part for screen readers, while it can have the focus. */
  label: string;
}

/**
 * A part that scrolls where it is too small for its content. While nothing in it can have the focus, it takes the focus
 * itself, so that the arrow keys scroll it. Its class sets `overflow`.
 */
export function ScrollArea({ label, className, ...rest }: ScrollAreaProps) {
  const area = useRef<HTMLDivElement>(null);
  const takesFocus = useTakesFocus(area);
  return (
    <div
      {...rest}
      ref={area}
      className={joinClasses(styles.area, className)}
      {...(takesFocus ? { tabIndex: 0, role: "group", "aria-label": label } : {})}
    />
  );
}

function useTakesFocus(area: RefObject<HTMLElement | null>): boolean {
  const [takesFocus, setTakesFocus] = useState(false);
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    const judge = () => setTakesFocus(isTooSmall(element) && !holdsControl(element));
    judge(); // at once: the observer speaks only with the next frame
    const observer = new ResizeObserver(judge);
    for (const part of [element, ...element.children]) observer.observe(part);
    return () => observer.disconnect();
  }, [area]);
  return takesFocus;
}

function isTooSmall({ scrollHeight, clientHeight, scrollWidth, clientWidth }: HTMLElement): boolean {
  return scrollHeight > clientHeight || scrollWidth > clientWidth;
}

const CONTROLS = "a[href], button, input, select, textarea, [tabindex='0']";

function holdsControl(element: HTMLElement): boolean {
  return element.querySelector(CONTROLS) !== null;
}
