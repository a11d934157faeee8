import { type RefObject, useLayoutEffect, useRef, useState } from "react";

const NEAR_END_PX = 24;

interface FollowEnd {
  scroller: RefObject<HTMLDivElement | null>;
  isAtEnd: boolean;
  scrollToEnd: () => void;
  onScroll: () => void;
}

/**
 * Scrolls with growing content until the reader scrolls up. `subject` is the content; a new subject starts at its
 * end.
 */
export function useFollowEnd(length: number, subject: string | null): FollowEnd {
  const scroller = useRef<HTMLDivElement>(null);
  const [left, setLeft] = useState<{ subject: string | null } | null>(null);
  const isAtEnd = left === null || left.subject !== subject;
  useLayoutEffect(() => {
    const view = scroller.current;
    if (view && isAtEnd) view.scrollTop = view.scrollHeight;
  }, [length, subject, isAtEnd]);
  return {
    scroller,
    isAtEnd,
    scrollToEnd: () => setLeft(null),
    onScroll: () => {
      const view = scroller.current;
      if (!view) return;
      const near = view.scrollHeight - view.scrollTop - view.clientHeight < NEAR_END_PX;
      if (near !== isAtEnd) setLeft(near ? null : { subject });
    },
  };
}
