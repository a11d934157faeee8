/** Lets the example in an empty field speak of the variables that are there. Pure. */
import type { ScopeVariable } from "../api/types";
import { getRootVariable } from "./bindings";

const PATH = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*?(?=\.(?:map|filter|exists|all)\(|\s)/;

/**
 * The example with a variable of this place in it. Null where none fits, because the one of the example is not there.
 * A text that begins with no variable stays as it is.
 */
export function fitExample(example: string, scope: readonly ScopeVariable[]): string | null {
  const path = PATH.exec(example)?.[0];
  if (path === undefined || scope.some(({ name }) => name === getRootVariable(path))) return example;
  const fitting = scope.flatMap(listPaths).find(({ type }) => listTypes(example).includes(type));
  return fitting ? example.replace(path, fitting.path) : null;
}

/** The types that the first path of the example may have. */
function listTypes(example: string): string[] {
  if (/\.(?:map|filter|exists|all)\(/.test(example)) return ["list"];
  return /[<>]/.test(example) ? ["integer", "number"] : ["text"];
}

function listPaths({ name, type, fields }: ScopeVariable): { path: string; type: string }[] {
  return [
    { path: name, type },
    ...fields.map((field) => ({ path: `${name}.${field.name}`, type: field.type })),
  ];
}
