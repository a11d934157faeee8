/** The shapes of the server's OpenAPI document, which `make docs` writes. */

import type { components } from "../schema.gen";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Types what the OpenAPI document leaves open as JSON, because it arrived as JSON. */
type Received<T> = unknown extends T
  ? Json
  : T extends (infer Item)[]
    ? Received<Item>[]
    : T extends object
      ? { [Key in keyof T]: Received<T[Key]> }
      : T;

type Documented = components["schemas"];

export type Schemas = { [Name in keyof Documented]: Received<Documented[Name]> };
