// What a page and its search worker say to each other.

import type { Hit } from "./engine";

export interface Question {
  id: number;
  base: string; // of the site, ends in /
  text: string;
}

export interface Reply {
  id: number;
  failed: boolean; // no index could be read
  partial: boolean;
  codes: string[]; // keys of the codes that were understood
  total: number;
  hits: Hit[]; // best first, not all of them
}
