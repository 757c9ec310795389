export const dep="dep"; export default function named(){}; export class K{}
