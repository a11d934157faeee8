/**
 * The size of a card and the place of its ports. They follow from the action alone, never from a text or a run,
 * so nothing moves while messages arrive. The same numbers stand in NodeCard.module.css.
 */
import type { ActionDescription } from "../../../api/types";

export const GRID = 4;
/** Between two cards that stand as close as they may. */
export const GAP = 26;
/** Between a host and its helper. */
export const HANG = 36;

const HEAD = 44;
const HELPER_HEAD = 40;
const EXECUTION_ROW = 28;
const WELL = 152;
const DATA_ROW = 24;
const GROUP_PADDING = 12;
const HAIRLINE = 1;
const ATTACHMENT_ROW = 28;

export interface Size {
  width: number;
  height: number;
}

export interface Box extends Size {
  x: number;
  y: number;
}

export function snap(value: number): number {
  return Math.round(value / GRID) * GRID;
}

export function sizeOf(action: ActionDescription): Size {
  const data = action.properties.filter((property) => property.port).length;
  const groups = groupHeight(data) + groupHeight(outputRows(action));
  if (action.role === "helper") return { width: action.width, height: HELPER_HEAD + groups };
  const height =
    HEAD +
    executionRows(action) * EXECUTION_ROW +
    (action.streams ? WELL : 0) +
    groups +
    (action.attachments.length > 0 ? ATTACHMENT_ROW : 0);
  return { width: action.width, height };
}

/** A card has an execution row even where a path ends: it tells how the run went. */
export function executionRows(action: ActionDescription): number {
  return Math.max(1, action.branches.length);
}

/** A trigger shows what came in on a row of its own, for it has the width to itself. */
function outputRows(action: ActionDescription): number {
  const rows = outputsOf(action).length;
  return action.role === "trigger" ? rows * 2 : rows;
}

function groupHeight(rows: number): number {
  return rows === 0 ? 0 : rows * DATA_ROW + GROUP_PADDING + HAIRLINE;
}

/** Middle of the execution port on this row, from the top of the card. */
export function executionPortY(row: number): number {
  return HEAD + EXECUTION_ROW * row + EXECUTION_ROW / 2;
}

/** Middle of an attachment port, from the left of the card. */
export function attachmentPortX(action: ActionDescription, index: number): number {
  return (action.width * (index + 0.5)) / Math.max(1, action.attachments.length);
}

export interface CardOutput {
  /** The property that names the variable; null when the name is fixed. */
  property: string | null;
  name: string;
  /** The branch in which the variable exists. */
  branch: string | null;
}

/** What a card offers to the nodes after it: the variables of its branches, then its results. */
export function outputsOf(action: ActionDescription): CardOutput[] {
  const results = action.outputs.map(({ property, default: name, title, branch }) => ({
    property,
    name: name ?? title,
    branch,
  }));
  const named = new Set(results.map((output) => output.property));
  const provided = action.branches.flatMap(({ name: branch, provides }) =>
    provides && !named.has(provides.property)
      ? [{ property: provides.property, name: defaultName(action, provides.property), branch }]
      : [],
  );
  return [...provided, ...results];
}

function defaultName(action: ActionDescription, property: string): string {
  const name = action.properties.find((each) => each.name === property)?.default;
  return typeof name === "string" ? name : property;
}

export function overlaps(a: Box, b: Box, margin: number): boolean {
  return (
    a.x < b.x + b.width + margin &&
    b.x < a.x + a.width + margin &&
    a.y < b.y + b.height + margin &&
    b.y < a.y + a.height + margin
  );
}
