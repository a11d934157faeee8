/** What every other shape is made of. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Named {
  id: string;
  name: string;
}
