export function bindGrants() {}
