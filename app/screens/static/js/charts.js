export function bindCharts() {}
