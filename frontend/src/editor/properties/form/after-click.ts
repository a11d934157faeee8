/** Waits with what moves other fields until a click that is under way has found its target. */
let isPressed = false;
const waiting: (() => void)[] = [];

function handlePress(): void {
  isPressed = true;
}

/** The click follows the release in the same turn, so the wait ends in the next one. */
function handleRelease(): void {
  isPressed = false;
  setTimeout(() => waiting.splice(0).forEach((act) => act()));
}

/** Start to watch the pointer; returns what stops it. */
export function watchPointer(): () => void {
  const events = { pointerdown: handlePress, pointerup: handleRelease, pointercancel: handleRelease };
  const all = Object.entries(events);
  all.forEach(([name, act]) => window.addEventListener(name, act, true));
  return () => all.forEach(([name, act]) => window.removeEventListener(name, act, true));
}

/** Act now, or after the click that is under way. */
export function runAfterClick(act: () => void): void {
  if (isPressed) waiting.push(act);
  else act();
}
