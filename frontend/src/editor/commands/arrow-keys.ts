import type { Direction } from "../canvas/gestures/neighbours";
import type { PressedKey } from "./command";

/** The direction of an arrow key, such as `left` for `ArrowLeft`. */
export function readDirection({ key }: Pick<PressedKey, "key">): Direction {
  return key.replace("Arrow", "").toLowerCase() as Direction;
}
