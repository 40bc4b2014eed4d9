export function bindColumns() {}
