exports.cjs = __filename.slice(-5); exports.t = typeof require; exports.m = module.id.slice(-5); exports.parent = module.parent && module.parent.id;
