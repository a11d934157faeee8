import type { KeyboardEvent, PointerEvent } from "react";
import { classes } from "../ui/classes";
import styles from "./Resizer.module.css";

interface ResizerProps {
  /** What is resized, spoken. */
  label: string;
  /** `left`: a border that is dragged sideways; `top`: one that is dragged up and down. */
  edge: "left" | "top";
  size: number;
  least: number;
  most: number;
  onResize: (size: number) => void;
}

const STEP = 16;

/** The border of a panel, dragged by hand or by arrows. */
export function Resizer({ label, edge, size, least, most, onResize }: ResizerProps) {
  const set = (next: number): void => onResize(Math.round(Math.min(most, Math.max(least, next))));
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
    if (key === (edge === "left" ? "ArrowLeft" : "ArrowUp")) set(size + STEP);
    else if (key === (edge === "left" ? "ArrowRight" : "ArrowDown")) set(size - STEP);
  };
  return (
    <div
      className={classes(styles.resizer, styles[edge])}
      role="separator"
      aria-label={label}
      aria-orientation={edge === "left" ? "vertical" : "horizontal"}
      aria-valuenow={size}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={press}
    />
  );
}
