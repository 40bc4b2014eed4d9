export function bindList() {}
