/** Line icons on a 20 × 20 grid, drawn here so that nothing is loaded from elsewhere. */

const PATHS = {
  send: "M3.5 10 16.5 3.8 12.6 16.5 9.4 11.300zM9.4 11.3 16.5 3.8",
  back: "M12 4.5 6.5 10l5.5 5.5",
  close: "M5 5l10 10M15 5 5 15",
  search: "M9 14.500a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13.2 13.2 17 17",
  sun: "M10 13.500a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM10 1.500v2M10 16.500v2M18.5 10h-2M3.5 10h-2M16 4l-1.4 1.400M5.4 14.6 4 16M16 16l-1.4-1.400M5.4 5.4 4 4",
  moon: "M16.5 12A7 7 0 0 1 8 3.500a7 7 0 1 0 8.5 8.500z",
  help: "M10 17.500a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM7.8 7.800a2.2 2.2 0 1 1 3.2 2c-.7.400-1 .8-1 1.700M10 14.200v.1",
  down: "M10 4v11M5.5 10.5 10 15l4.5-4.5",
  alert: "M10 3 18 16.500H2zM10 8v4M10 14.200v.1",
  person: "M10 10a3.2 3.2 0 1 0 0-6.400A3.2 3.2 0 0 0 10 10zM4 16.500c.8-3 3.2-4.3 6-4.300s5.2 1.3 6 4.3",
  ticket: "M3 6.500h14v2.300a1.7 1.7 0 0 0 0 3.400v2.300H3v-2.300a1.7 1.7 0 0 0 0-3.400z",
  spark: "M10 2.500l1.8 5.2 5.2 1.8-5.2 1.800L10 16.500l-1.8-5.200L3 9.500l5.2-1.800z",
  check: "M4 10.5 8.2 14.7 16 6",
  plus: "M10 4v12M4 10h12",
  out: "M8 3.500H4v13h4M12 6.500l4 3.5-4 3.500M16 10H8",
  panel: "M3 4h14v12H3zM12 4v12",
  history: "M10 17a7 7 0 1 0-6.6-9.300M3 4v4h4M10 6.500V10l2.5 1.8",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className={`icon icon-${name}`} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
