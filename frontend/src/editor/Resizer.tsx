import type { KeyboardEvent, PointerEvent } from "react";
import { joinClasses } from "../ui/classes";
import styles from "./Resizer.module.css";

interface ResizerProps {
  /** Names what is resized, for screen readers. */
  label: string;
  /** `left`: the person drags the border sideways; `top`: up and down. */
  edge: "left" | "top";
  size: number;
  min: number;
  max: number;
  onResize: (size: number) => void;
}

const KEY_STEP_PX = 16;

/** The border of a panel. The person drags it, or moves it with the arrow keys. */
export function Resizer({ label, edge, size, min, max, onResize }: ResizerProps) {
  const set = (next: number): void => onResize(Math.round(Math.min(max, Math.max(min, next))));
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    const target = event.currentTarget;
    const along = ({ clientX, clientY }: { clientX: number; clientY: number }) =>
      edge === "left" ? clientX : clientY;
    const from = along(event);
    target.setPointerCapture(event.pointerId);
    target.onpointermove = (moved) => set(size + from - along(moved));
    target.onlostpointercapture = () => {
      target.onpointermove = null;
    };
  };
  const press = ({ key }: KeyboardEvent): void => {
    if (key === (edge === "left" ? "ArrowLeft" : "ArrowUp")) set(size + KEY_STEP_PX);
    else if (key === (edge === "left" ? "ArrowRight" : "ArrowDown")) set(size - KEY_STEP_PX);
  };
  return (
    <div
      className={joinClasses(styles.resizer, styles[edge])}
      role="separator"
      aria-label={label}
      aria-orientation={edge === "left" ? "vertical" : "horizontal"}
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={press}
    />
  );
}
