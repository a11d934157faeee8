/** How long the server lets a text be, in characters. A test compares these limits with the OpenAPI document. */
export const MAX_NAME_CHARACTERS = 100;
export const MAX_DESCRIPTION_CHARACTERS = 500;
export const MAX_ADDRESS_CHARACTERS = 63;
export const MAX_MODEL_CHARACTERS = 200;
export const MAX_SEARCH_CHARACTERS = 20_000;
