export function bindFiles() {}
