import { expect, test } from "vitest";
import {
  MAX_ADDRESS_CHARACTERS,
  MAX_DESCRIPTION_CHARACTERS,
  MAX_MODEL_CHARACTERS,
  MAX_NAME_CHARACTERS,
  MAX_SEARCH_CHARACTERS,
} from "./limits";

interface OpenApi {
  components: { schemas: Record<string, { properties: Record<string, { maxLength?: number }> }> };
}

const [document] = Object.values(
  import.meta.glob<OpenApi>("../../../docs/openapi.json", { eager: true, import: "default" }),
);

test.each([
  ["NewFlow", "name", MAX_NAME_CHARACTERS],
  ["NewFlow", "description", MAX_DESCRIPTION_CHARACTERS],
  ["ChangedFlow", "name", MAX_NAME_CHARACTERS],
  ["ChangedFlow", "address", MAX_ADDRESS_CHARACTERS],
  ["NewCollection", "name", MAX_NAME_CHARACTERS],
  ["NewCollection", "description", MAX_DESCRIPTION_CHARACTERS],
  ["ChangedCollection", "name", MAX_NAME_CHARACTERS],
  ["NewConnection", "name", MAX_NAME_CHARACTERS],
  ["ChangedConnection", "name", MAX_NAME_CHARACTERS],
  ["NewKey", "name", MAX_NAME_CHARACTERS],
  ["ChosenEmbedder", "model", MAX_MODEL_CHARACTERS],
  ["SearchText", "text", MAX_SEARCH_CHARACTERS],
])("the server lets %s.%s be as long as the page does", (schema, property, limit) => {
  expect(document?.components.schemas[schema]?.properties[property]?.maxLength).toBe(limit);
});
