import { defineStore } from 'pinia';
import { ref, shallowReactive, watch } from 'vue';
import type { PixelTile } from '../../common/contract';
import type { ImagePoint } from '../../common/geometry/types';
import { api } from '../api/client';
import { colourIn, tileOrigin, tileSide, type PixelColour } from '../canvas/kernels/pixel-tiles';
import { useStage } from './inspect-stage';

/** 12 kB each. */
const mostTiles = 200;

/** The exact colours of the picture on the stage, fetched in tiles as the pointer comes by. */
export const usePixels = defineStore('inspect-pixels', () => {
  const stage = useStage();
  const tiles = shallowReactive(new Map<string, PixelTile>());
  /** One question at a time: a pointer that rushes by asks only where it comes to rest. */
  const isAsking = ref(false);
  let wanted: ImagePoint | null = null;

  const keyOf = ({ x, y }: { x: number; y: number }) => `${x},${y}`;

  /** null: not known yet; it is being asked for. */
  function colourAt(point: ImagePoint): PixelColour | null {
    const tile = tiles.get(keyOf(tileOrigin(point)));
    return tile ? colourIn(tile, point) : null;
  }

  async function look(point: ImagePoint | null) {
    wanted = point;
    while (!isAsking.value && wanted && !tiles.has(keyOf(tileOrigin(wanted)))) {
      const picture = stage.picture;
      if (!picture) return;
      const origin = tileOrigin(wanted);
      isAsking.value = true;
      try {
        const tile = await api.expressions.pixels({
          picture: picture.reference,
          ...origin,
          side: tileSide,
        });
        if (picture.key !== stage.picture?.key) continue;
        if (tiles.size >= mostTiles) tiles.clear();
        tiles.set(keyOf(origin), tile);
      } catch {
        // The stage itself says that the picture is missing; its colours are then not to be had either.
        return;
      } finally {
        isAsking.value = false;
      }
    }
  }

  watch(
    () => stage.picture?.key,
    () => tiles.clear(),
  );

  return { colourAt, look };
});
