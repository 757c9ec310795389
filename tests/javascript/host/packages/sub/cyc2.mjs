import {b,f} from "./cyc1.mjs"; export const a = 2; export const seen = () => [b, f()]
