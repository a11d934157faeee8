/**
 * Computes the size of a card and the places of its ports. They follow from the action alone, never from a text or a
 * run, so nothing moves while messages arrive. NodeCard.module.css has the same numbers, and a browser test compares
 * both.
 */
import type { ActionDescription } from "../../../api/types";

export const GRID_PX = 4;
/** The smallest gap between two cards. */
export const CARD_GAP_PX = 26;
/** The gap between a host and its helper. */
export const HELPER_GAP_PX = 36;

/** The overview at the bottom right of the canvas. */
export const MAP_SIZE_PX = { width: 160, height: 104 };

const HEAD_PX = 44;
const HELPER_HEAD_PX = 40;
const EXECUTION_ROW_PX = 28;
const STREAM_WELL_PX = 152;
const DATA_ROW_PX = 24;
const GROUP_PADDING_PX = 12;
const HAIRLINE_PX = 1;
const ATTACHMENT_ROW_PX = 28;

export interface Size {
  width: number;
  height: number;
}

export interface Box extends Size {
  x: number;
  y: number;
}

export function snapToGrid(value: number): number {
  return Math.round(value / GRID_PX) * GRID_PX;
}

export function computeCardSize(action: ActionDescription): Size {
  const data = action.properties.filter((property) => property.port).length;
  const groups = computeGroupHeight(data) + computeGroupHeight(countOutputRows(action));
  if (action.role === "helper") return { width: action.width, height: HELPER_HEAD_PX + groups };
  const height =
    HEAD_PX +
    countExecutionRows(action) * EXECUTION_ROW_PX +
    (action.streams ? STREAM_WELL_PX : 0) +
    groups +
    (action.attachments.length > 0 ? ATTACHMENT_ROW_PX : 0);
  return { width: action.width, height };
}

/** The number of execution rows. A card has one even at the end of a path, for the state of its run. */
export function countExecutionRows(action: ActionDescription): number {
  return Math.max(1, action.branches.length);
}

/** The number of output rows. A trigger shows each value on a row of its own. */
function countOutputRows(action: ActionDescription): number {
  const rows = listOutputs(action).length;
  return action.role === "trigger" ? rows * 2 : rows;
}

function computeGroupHeight(rows: number): number {
  return rows === 0 ? 0 : rows * DATA_ROW_PX + GROUP_PADDING_PX + HAIRLINE_PX;
}

/** The middle of the execution port in this row, in px from the top of the card. */
export function computeExecutionPortY(row: number): number {
  return HEAD_PX + EXECUTION_ROW_PX * row + EXECUTION_ROW_PX / 2;
}

/** The middle of an attachment port, in px from the left of the card. */
export function computeAttachmentPortX(action: ActionDescription, index: number): number {
  return (action.width * (index + 0.5)) / Math.max(1, action.attachments.length);
}

export interface CardOutput {
  /** The property that names the variable; null when the name is fixed. */
  property: string | null;
  name: string;
  /** The branch in which the variable exists. */
  branch: string | null;
}

/** The outputs of a card: the variables of its branches, then its results. */
export function listOutputs(action: ActionDescription): CardOutput[] {
  const results = action.outputs.map(({ property, default: name, title, branch }) => ({
    property,
    name: name ?? title,
    branch,
  }));
  const named = new Set(results.map((output) => output.property));
  const provided = action.branches.flatMap(({ name: branch, provides }) =>
    provides && !named.has(provides.property)
      ? [{ property: provides.property, name: getDefaultName(action, provides.property), branch }]
      : [],
  );
  return [...provided, ...results];
}

function getDefaultName(action: ActionDescription, property: string): string {
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
