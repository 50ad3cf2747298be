/**
 * Perceptually even colour maps (matplotlib's "inferno" and "viridis", CC0, and grey): lightness rises evenly with the
 * value, so that each reads the same in grey and to colour-blind eyes.
 */
export const colourMapNames = { inferno: 'Inferno', viridis: 'Viridis', grey: 'Grey' } as const;
export type ColourMapName = keyof typeof colourMapNames;

export type Colour = readonly [red: number, green: number, blue: number];

const inferno: readonly Colour[] = [
  [0, 0, 4],
  [12, 8, 38],
  [36, 12, 79],
  [66, 10, 104],
  [93, 18, 110],
  [120, 28, 109],
  [147, 38, 103],
  [174, 48, 92],
  [199, 62, 76],
  [221, 81, 58],
  [237, 105, 37],
  [248, 133, 15],
  [252, 165, 10],
  [250, 198, 45],
  [242, 230, 97],
  [252, 255, 164],
];

const viridis: readonly Colour[] = [
  [68, 1, 84],
  [72, 26, 108],
  [71, 47, 125],
  [65, 68, 135],
  [57, 86, 140],
  [49, 104, 142],
  [42, 120, 142],
  [35, 136, 142],
  [31, 152, 139],
  [34, 168, 132],
  [53, 183, 121],
  [84, 197, 104],
  [122, 209, 81],
  [165, 219, 54],
  [210, 226, 27],
  [253, 231, 37],
];

const stopsOf: Record<ColourMapName, readonly Colour[]> = {
  inferno,
  viridis,
  grey: [
    [0, 0, 0],
    [255, 255, 255],
  ],
};

function spread(stops: readonly Colour[]): readonly Colour[] {
  return Array.from({ length: 256 }, (_, index) => {
    const position = (index / 255) * (stops.length - 1);
    const below = stops[Math.floor(position)] ?? stops[0]!;
    const above = stops[Math.ceil(position)] ?? below;
    const share = position - Math.floor(position);
    const mixed = (channel: 0 | 1 | 2) => Math.round(below[channel] * (1 - share) + above[channel] * share);
    return [mixed(0), mixed(1), mixed(2)];
  });
}

/** 256 colours from low to high. */
export const colourMaps: Record<ColourMapName, readonly Colour[]> = {
  inferno: spread(stopsOf.inferno),
  viridis: spread(stopsOf.viridis),
  grey: spread(stopsOf.grey),
};

/** The map as CSS, for a legend. */
export function colourMapGradient(name: ColourMapName): string {
  return `linear-gradient(to right, ${stopsOf[name].map(([r, g, b]) => `rgb(${r} ${g} ${b})`).join(', ')})`;
}
