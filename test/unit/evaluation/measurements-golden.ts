/** The shape of measurements.json. */
import type { GridMap } from '../../../src/common/contract';
import type { RunLengthMask, Size } from '../../../src/common/geometry/types';

export type Four = [number, number, number, number];

export interface MeasurementsGolden {
  maps: {
    map: GridMap;
    image: Size;
    box: Four;
    mask: RunLengthMask;
    energyInBox: number;
    energyInMask: number;
    mapAuc: number;
  }[];
  outlines: { a: RunLengthMask; b: RunLengthMask; boundaryF: number }[];
  ranked: {
    truth: Four;
    proposals: { box: Four; score: number }[];
    best: number;
    rankBySimilarity: number;
    rankByScore: number;
  }[];
  refined: { map: GridMap; image: Size; truth: Four; attainable: number }[];
  boxes: { a: Four; b: Four; giou: number }[];
}
