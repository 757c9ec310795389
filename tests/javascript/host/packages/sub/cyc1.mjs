import {a} from "./cyc2.mjs"; export const b = 1; export function f(){return a}; export {f as g}
