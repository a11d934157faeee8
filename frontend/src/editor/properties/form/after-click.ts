/** Delays changes that move other fields until the click that goes on has reached its target. */
let isPressed = false;
const waiting: (() => void)[] = [];

function handlePress(): void {
  isPressed = true;
}

/** The click follows the release in the same turn, so the wait ends in the next turn. */
function handleRelease(): void {
  isPressed = false;
  setTimeout(() => waiting.splice(0).forEach((act) => act()));
}

/** Starts to watch the pointer. Returns a function that stops it. */
export function watchPointer(): () => void {
  const events = { pointerdown: handlePress, pointerup: handleRelease, pointercancel: handleRelease };
  const all = Object.entries(events);
  all.forEach(([name, act]) => window.addEventListener(name, act, true));
  return () => all.forEach(([name, act]) => window.removeEventListener(name, act, true));
}

/** Runs a function now, or after the click that goes on. */
export function runAfterClick(act: () => void): void {
  if (isPressed) waiting.push(act);
  else act();
}
