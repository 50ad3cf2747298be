/**
 * A perceptually even colour map (matplotlib's "inferno", CC0): lightness rises evenly with the value, so
 * that it reads the same in grey and to colour-blind eyes.
 */
const stops: readonly (readonly [number, number, number])[] = [
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

export type Colour = readonly [red: number, green: number, blue: number];

/** 256 colours from low to high. */
export const infernoColours: readonly Colour[] = Array.from({ length: 256 }, (_, index) => {
  const position = (index / 255) * (stops.length - 1);
  const below = stops[Math.floor(position)] ?? stops[0]!;
  const above = stops[Math.ceil(position)] ?? below;
  const share = position - Math.floor(position);
  return [0, 1, 2].map((channel) =>
    Math.round((below[channel] ?? 0) * (1 - share) + (above[channel] ?? 0) * share),
  ) as unknown as Colour;
});

/** The map as CSS colour stops, for a legend. */
export const infernoGradient = `linear-gradient(to right, ${stops.map(([r, g, b]) => `rgb(${r} ${g} ${b})`).join(', ')})`;
