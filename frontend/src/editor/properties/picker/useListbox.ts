import { type KeyboardEvent, useEffect, useId, useState } from "react";

interface ListboxOptions {
  count: number;
  open: boolean;
  /** Whether Enter takes the first entry without an arrow key. */
  startsAtFirst: boolean;
  onOpenChange: (open: boolean) => void;
  onChoose: (index: number) => void;
  /** Called for Enter while no entry is marked. */
  onEnter: () => void;
  /** Called for Escape while the list is closed. */
  onEscape?: () => void;
}

/** The keys of a list under a text field: arrows mark an entry, Enter takes it, Escape closes the list. */
export function useListbox(options: ListboxOptions) {
  const { count, open, startsAtFirst, onOpenChange, onChoose, onEnter, onEscape } = options;
  const id = useId();
  const first = startsAtFirst && count > 0 ? 0 : -1;
  const [marked, setMarked] = useState(first);
  const [known, setKnown] = useState({ count, open });
  if (known.count !== count || known.open !== open) {
    setKnown({ count, open });
    setMarked(first);
  }
  const optionId = (index: number) => `${id}-${index}`;
  useEffect(() => {
    if (open && marked >= 0) document.getElementById(`${id}-${marked}`)?.scrollIntoView({ block: "nearest" });
  }, [id, marked, open]);

  const move = (by: 1 | -1) => {
    if (!open) onOpenChange(true);
    else if (count > 0) setMarked((marked + by + count) % count);
  };
  const keys: Record<string, () => void> = {
    ArrowDown: () => move(1),
    ArrowUp: () => (marked <= 0 && open ? setMarked(count - 1) : move(-1)),
    Enter: () => (open && marked >= 0 ? onChoose(marked) : onEnter()),
    Escape: () => (open ? onOpenChange(false) : onEscape?.()),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const act = event.nativeEvent.isComposing ? undefined : keys[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return { marked, setMarked, listId: id, optionId, onKeyDown };
}
