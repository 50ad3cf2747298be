/**
 * The probe job: what a pack's detector and SAM do on their own, and how well its methods answer when the text is
 * of no use. Nothing of it becomes a prediction; a probe that was interrupted begins again.
 */
import { countOf } from '../../../common/amounts';
import {
  blindChoices,
  ownMethodIds,
  samPrompts,
  textChanges,
  type BlindChoice,
  type OwnMethodId,
  type Probe,
  type Proposal,
  type SamPromptKind,
  type TextChange,
} from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import { boxIou } from '../../../common/geometry/iou';
import { decodeRunLength, runLengthIou } from '../../../common/geometry/rle';
import type { ImageBox, ImagePoint, RunLengthMask } from '../../../common/geometry/types';
import { RandomNumbers } from '../evaluation/random-numbers';
import { measureDetection, type DetectedImage } from '../evaluation/detection';
import type { DecodedImage } from '../imaging/image';
import { deepestInside } from '../imaging/inside';
import type { JobControl, JobOutcome } from '../jobs/queue';
import type { Method } from '../methods/method';
import type { SamPrompt } from '../methods/sam';
import type { Segmenter } from '../methods/segmenter';
import { changeText, chooseBlindly } from './blind';
import { accuracyOf, meansOf, type Measured } from './summary';

export interface ProbeRequest {
  datasetId: number;
  split: string | null;
  packId: string;
  images: number | null;
}

export interface ProbedReferent {
  id: number;
  box: ImageBox | null;
  mask: RunLengthMask | null;
}

/** An image with all its referents, and its expressions that mean one. */
export interface ProbedImage {
  imageId: number;
  referents: ProbedReferent[];
  expressions: { text: string; kind: string; box: ImageBox }[];
}

export type NewProbe = Omit<Probe, 'id' | 'createdAt'>;

export interface ProbeTools {
  images(request: ProbeRequest): ProbedImage[];
  decode(imageId: number): Promise<DecodedImage>;
  pack(
    packId: string,
  ): Promise<{ name: string; version: string; methods: readonly OwnMethodId[]; sam: boolean }>;
  method(packId: string, methodId: OwnMethodId): Promise<Method>;
  segmenter(packId: string): Promise<Segmenter>;
  save(probe: NewProbe): number;
}

const meets = 0.5;

/** All values that are measured, by what they are about; a value's image is its position among the probed images. */
class Tally {
  readonly detected: DetectedImage[] = [];
  readonly blind = new Map<BlindChoice, Measured[]>(blindChoices.map((choice) => [choice, []]));
  readonly text = new Map<string, Measured[]>();
  readonly segmented = new Map<SamPromptKind, Measured[]>(samPrompts.map((prompt) => [prompt, []]));

  answers(method: OwnMethodId, change: TextChange): Measured[] {
    const key = `${method}/${change}`;
    const present = this.text.get(key) ?? [];
    this.text.set(key, present);
    return present;
  }
}

export async function probe(
  request: ProbeRequest,
  tools: ProbeTools,
  control: JobControl,
): Promise<JobOutcome> {
  const images = tools.images(request);
  if (images.length === 0) {
    throw new WorkbenchError('not-found', 'No image of this split has a referent to measure against.');
  }
  const pack = await tools.pack(request.packId);
  control.setTotal(images.length);
  control.say('Loading the models');
  const methods: Method[] = [];
  for (const id of pack.methods) methods.push(await tools.method(request.packId, id));
  const segmenter = pack.sam ? await tools.segmenter(request.packId) : null;
  control.say('Probing');
  const tally = new Tally();
  for (const [index, image] of images.entries()) {
    const picture = await tools.decode(image.imageId);
    for (const method of methods) {
      if (control.signal.aborted) throw new WorkbenchError('cancelled', 'Cancelled.');
      await probeMethod(method, { index, image, picture, tally });
    }
    if (segmenter) await probeSegmenter(segmenter, { index, image, picture, tally });
    control.advance(1);
  }
  const expressions = images.reduce((sum, image) => sum + image.expressions.length, 0);
  const probeId = tools.save({
    datasetId: request.datasetId,
    split: request.split,
    packId: request.packId,
    packName: pack.name,
    packVersion: pack.version,
    images: images.length,
    expressions,
    objects: images.reduce((sum, image) => sum + image.referents.length, 0),
    ...summarise(tally, methods, images.length),
  });
  return { message: `${countOf(images.length, 'image')} probed.`, result: { probeId } };
}

interface Place {
  index: number;
  image: ProbedImage;
  picture: DecodedImage;
  tally: Tally;
}

async function probeMethod(method: Method, { index, image, picture, tally }: Place): Promise<void> {
  const state = await method.prepare(picture);
  // Without a text every expression of the image gets the same answer.
  const blindAnswer = await method.ground(state, changeText('removed', ''));
  if (blindAnswer.evidence.method === 'yolo-clip') {
    probeDetector(blindAnswer.evidence.proposals, { index, image, picture, tally });
  }
  for (const { text, kind, box } of image.expressions) {
    for (const change of textChanges) {
      const answer =
        change === 'removed' ? blindAnswer : await method.ground(state, changeText(change, text));
      tally.answers(method.id, change).push({ image: index, group: kind, value: hits(answer.box, box) });
    }
  }
}

function probeDetector(
  proposals: readonly Proposal[],
  { index, image: { referents, expressions }, picture, tally }: Place,
): void {
  tally.detected.push({
    detections: proposals,
    truths: referents.flatMap(({ box }) => (box ? [box] : [])),
  });
  for (const [choice, measured] of tally.blind) {
    const chosen = chooseBlindly(choice, proposals, picture);
    for (const { kind, box } of expressions) {
      measured.push({ image: index, group: kind, value: hits(chosen?.box ?? null, box) });
    }
  }
}

function hits(answer: ImageBox | null, truth: ImageBox): number {
  return answer !== null && boxIou(answer, truth) >= meets ? 1 : 0;
}

async function probeSegmenter(segmenter: Segmenter, { index, image, picture, tally }: Place): Promise<void> {
  const masked = image.referents.flatMap(({ id, box, mask }) => (box && mask ? [{ id, box, mask }] : []));
  if (masked.length === 0) return;
  const state = await segmenter.prepare(picture);
  for (const { id, box, mask } of masked) {
    const prompts = promptsOf(id, box, mask);
    if (!prompts) continue;
    for (const [kind, measured] of tally.segmented) {
      const [best] = await segmenter.segment(state, prompts[kind]);
      measured.push({ image: index, group: kind, value: best ? runLengthIou(best.mask, mask) : 0 });
    }
  }
}

/** null for a mask without pixels. */
function promptsOf(
  referentId: number,
  box: ImageBox,
  mask: RunLengthMask,
): Record<SamPromptKind, SamPrompt> | null {
  const bits = decodeRunLength(mask);
  const centre = deepestInside(bits);
  if (!centre) return null;
  const at = (point: ImagePoint): SamPrompt => ({ points: [{ ...point, positive: true }] });
  return { centre: at(centre), inner: at(anyInside(bits, referentId)), box: { points: [], box } };
}

/** Centre of a pixel of the mask, drawn by the referent's number so that it is the same each time. */
function anyInside({ width, data }: ReturnType<typeof decodeRunLength>, referentId: number): ImagePoint {
  const inside: number[] = [];
  for (let index = 0; index < data.length; index += 1) if (data[index]) inside.push(index);
  const numbers = new Uint32Array(1);
  new RandomNumbers(referentId).fill(numbers);
  const pixel = inside[numbers[0]! % inside.length]!;
  return { x: (pixel % width) + 0.5, y: Math.floor(pixel / width) + 0.5 };
}

function summarise(
  tally: Tally,
  methods: readonly Method[],
  images: number,
): Pick<NewProbe, 'detector' | 'segmenter' | 'blind' | 'text'> {
  const detection = tally.detected.length > 0 ? measureDetection(tally.detected) : null;
  return {
    detector: detection && {
      averagePrecision50: detection.averagePrecision,
      recall50: detection.recall,
    },
    segmenter: [...tally.segmented]
      .filter(([, measured]) => measured.length > 0)
      .map(([prompt, measured]) => ({ prompt, meanIou: meansOf(measured, images).all })),
    blind: [...tally.blind]
      .filter(([, measured]) => measured.length > 0)
      .map(([choice, measured]) => ({ choice, ...accuracyOf(measured, images) })),
    text: ownMethodIds
      .filter((id) => methods.some((method) => method.id === id))
      .flatMap((method) =>
        textChanges.map((change) => ({
          method,
          change,
          ...accuracyOf(tally.answers(method, change), images),
        })),
      ),
  };
}
