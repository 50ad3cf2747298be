import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { coloursAlong, packColours } from '../../../src/common/picture-colours';
import { backgroundOf, usePictureColours } from '../../../src/renderer/stores/picture-colours';
import ListPicture from '../../../src/renderer/views/browse/ListPicture.vue';
import { offerWorkbench } from '../support/workbench';

const colours = Uint8Array.from({ length: 3 * coloursAlong ** 2 }, (_, index) => index * 5);
const none = new Uint8Array();
let told: Uint8Array[];
let wrapper: VueWrapper | undefined;

beforeEach(() => {
  setActivePinia(createPinia());
  told = [
    Uint8Array.from([
      ...packColours({ imageId: 7, mark: 1, shape: 1.5, colours }),
      ...packColours({ imageId: 9, mark: 1, shape: 0.75, colours: none }),
    ]),
  ];
  offerWorkbench({
    browse: { images: () => ({ ids: Int32Array.from([3, 4, 8]), imageIds: Int32Array.from([7, 7, 9]) }) },
    images: { colours: () => ({ records: told.shift() ?? none, complete: told.length === 0 }) },
  });
});
afterEach(() => wrapper?.unmount());

describe('the colours of pictures', () => {
  it('are known of each image that has some, and each expression leads to its image', async () => {
    const known = usePictureColours();
    await known.follow(1);
    expect([3, 4, 8, 5].map(known.imageOf)).toEqual([7, 7, 9, null]);
    expect(known.of(7)).toEqual({ background: backgroundOf(colours), shape: 1.5 });
    expect([known.of(9), known.of(8)]).toEqual([null, null]);
  });

  it('that come later count instead of earlier ones', async () => {
    const other = colours.map((value) => 255 - value);
    told.push(packColours({ imageId: 7, mark: 2, shape: 1, colours: other }));
    const known = usePictureColours();
    await known.follow(1);
    expect(known.of(7)).toEqual({ background: backgroundOf(other), shape: 1 });
  });

  it('that are looked for and not known are asked for first, and come while the list is followed', async () => {
    const asked: (number[] | undefined)[] = [];
    const answers = [none, packColours({ imageId: 9, mark: 2, shape: 2, colours })];
    offerWorkbench({
      browse: { images: () => ({ ids: Int32Array.from([3]), imageIds: Int32Array.from([9]) }) },
      images: {
        colours({ first }) {
          asked.push(first);
          return { records: answers.shift() ?? none, complete: answers.length === 0 };
        },
      },
    });
    const known = usePictureColours();
    const followed = known.follow(1);
    await flushPromises();
    expect([known.of(9), known.of(12), known.of(9)]).toEqual([null, null, null]);
    await followed;
    expect(asked).toEqual([[], [12, 9]]);
    expect(known.of(9)).toEqual({ background: backgroundOf(colours), shape: 2 });
  });

  it('are a bitmap, its last row first and blue before red', () => {
    const data = /base64,([^"]+)"/.exec(backgroundOf(colours))?.[1] ?? '';
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    expect(String.fromCharCode(bytes[0] ?? 0, bytes[1] ?? 0)).toBe('BM');
    const lastRow = 3 * coloursAlong * (coloursAlong - 1);
    expect([...bytes.subarray(54, 57)]).toEqual([...colours.subarray(lastRow, lastRow + 3)].reverse());
    expect(bytes).toHaveLength(54 + colours.length);
  });
});

describe('a picture of a list', () => {
  async function shown(props: { imageId: number | null; loads?: boolean }) {
    await usePictureColours().follow(1);
    wrapper = mount(ListPicture, { props: { size: 192, shape: 0.75, ...props } });
    await flushPromises();
    return wrapper;
  }

  it('shows its colours where it will lie until it is there', async () => {
    const picture = await shown({ imageId: 7 });
    // Twice as high for its width as the place: it takes half of the width.
    const style = picture.get('.colours').attributes('style');
    expect(style).toContain('width: 50%');
    expect(style).toContain('height: 100%');
    expect(picture.get('img').attributes('src')).toBe('workbench-image://image/7?size=192');
    await picture.get('img').trigger('load');
    expect(picture.find('.colours').exists()).toBe(false);
  });

  it('is not asked for while the list rushes past', async () => {
    const picture = await shown({ imageId: 7, loads: false });
    expect(picture.find('img').exists()).toBe(false);
    expect(picture.find('.colours').exists()).toBe(true);
    await picture.setProps({ loads: true });
    await flushPromises();
    expect(picture.find('img').exists()).toBe(true);
  });

  it('says that it cannot be read', async () => {
    const picture = await shown({ imageId: 9 });
    await picture.get('img').trigger('error');
    expect(picture.text()).toBe('Image cannot be read');
    expect(picture.find('img').exists()).toBe(false);
  });

  it('that comes when another is shown by then changes nothing', async () => {
    const picture = await shown({ imageId: 7 });
    const before = picture.get('img').element;
    await picture.setProps({ imageId: 9 });
    await flushPromises();
    before.dispatchEvent(new Event('load'));
    await flushPromises();
    expect(picture.classes()).not.toContain('shown');
  });
});
