import { type RefObject, useLayoutEffect, useRef, useState } from "react";

const NEAR = 24;

interface FollowEnd {
  scroller: RefObject<HTMLDivElement | null>;
  atEnd: boolean;
  toEnd: () => void;
  onScroll: () => void;
}

/** The view follows what grows until the reader scrolls up; `subject` is what is read, and begins at its end. */
export function useFollowEnd(length: number, subject: string | null): FollowEnd {
  const scroller = useRef<HTMLDivElement>(null);
  const [left, setLeft] = useState<{ subject: string | null } | null>(null);
  const atEnd = left === null || left.subject !== subject;
  useLayoutEffect(() => {
    const view = scroller.current;
    if (view && atEnd) view.scrollTop = view.scrollHeight;
  }, [length, subject, atEnd]);
  return {
    scroller,
    atEnd,
    toEnd: () => setLeft(null),
    onScroll: () => {
      const view = scroller.current;
      if (!view) return;
      const near = view.scrollHeight - view.scrollTop - view.clientHeight < NEAR;
      if (near !== atEnd) setLeft(near ? null : { subject });
    },
  };
}
