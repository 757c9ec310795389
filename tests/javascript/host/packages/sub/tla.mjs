console.log("tla start"); await 1; export const v = await Promise.resolve(9); console.log("tla end")
