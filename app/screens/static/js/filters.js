export function bindFilters() {}
