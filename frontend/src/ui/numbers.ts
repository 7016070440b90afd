/** A share of one in per cent, such as `94 %` or, with one decimal, `94.4 %`. */
export function percent(share: number, language: string, decimals = 0): string {
  const style = {
    style: "percent",
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  } as const;
  return new Intl.NumberFormat(language, style).format(share);
}

export function plainNumber(value: number, language: string, decimals = 0): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: decimals }).format(value);
}
