/** Examples on the page: the picture with all answers, and once more for each run with the way to its own. */
import { maskOutline } from '../../../common/geometry/outline-path';
import type { ImageBox, RunLengthMask, Size } from '../../../common/geometry/types';
import type { AnswerDetail } from '../evaluation/rows';
import type { ExamplesBlock, NamedRun } from './blocks';
import { shownSize, type AnswerView } from './evidence';
import { exampleFacts, exampleTitles, outcomeOf, type Example } from './examples';
import type { Subject } from './looks';
import { empty, markup, type Markup } from './markup';

export function examplesHtml({ group, examples, runs }: ExamplesBlock): Markup {
  const { title, note } = exampleTitles[group];
  const cards = examples.map((example, index) => exampleCard(example, runs, `${group}-${index + 1}`));
  return markup`<h3>${title} <small>${note}</small></h3><div class="examples">${cards}</div>`;
}

/** `id`: of the picture within the page; each view after the first draws the same one. `runs`: as the answers. */
function exampleCard(example: Example, runs: readonly NamedRun[], id: string): Markup {
  const { answers, ious } = example;
  const own = answers.answers.map((answer, index) => {
    const run = runs[index];
    const view = example.views[index];
    if (!run) return empty;
    const picture = view && example.picture ? runPicture(example, run.method, answer, view, id) : empty;
    const shows = view?.words ? markup`<p class="shows">${view.words}</p>` : empty;
    return markup`<li>${picture}${outcome(run, answer, ious[index] ?? 0)}${shows}</li>`;
  });
  const all = markup`<li>${allAnswers(example, runs, id)}<p class="who">All boxes</p></li>`;
  return markup`<figure class="example"><figcaption><p class="expression">${answers.text}</p><p class="facts">${exampleFacts(example)}</p></figcaption><ul class="views">${all}${own}</ul></figure>`;
}

/** Whose answer it is and how good: IoU in percent, or why there is no box. */
function outcome({ name, method }: NamedRun, answer: AnswerDetail, iou: number): Markup {
  const words = outcomeOf(answer, iou);
  const shown = answer.box
    ? markup`<span class="iou ${iou >= 0.5 ? 'right' : 'wrong'}">${words}</span>`
    : markup`<span class="reason">${words}</span>`;
  return markup`<p class="who"><span class="key ${method}"></span>${name} ${shown}</p>`;
}

function allAnswers(example: Example, runs: readonly NamedRun[], id: string): Markup {
  const { answers, picture, problem } = example;
  const { truth, imageSize } = answers;
  if (!picture) return markup`<p class="missing">${problem}</p>`;
  const boxes = answers.answers.map(({ box }, index) => boxMark(runs[index]?.method, box));
  return drawing(
    imageSize,
    `Picture for: ${answers.text}`,
    markup`<image id="${id}" href="${dataAddress(picture, 'image/jpeg')}" width="${imageSize.width}" height="${imageSize.height}" preserveAspectRatio="none"/>${maskMark('ground-truth', example.truthMask, imageSize)}${boxMark('ground-truth', truth.box)}${boxes}`,
  );
}

function runPicture(
  { answers: { truth, imageSize, text } }: Example,
  method: Subject,
  answer: AnswerDetail,
  view: AnswerView,
  id: string,
): Markup {
  const { width, height } = imageSize;
  const map = view.map
    ? markup`<image class="map" href="${dataAddress(view.map, 'image/webp')}" width="${width}" height="${height}" preserveAspectRatio="none"/>`
    : empty;
  const proposals = view.proposals.map(
    (box) => markup`<rect class="proposal below" ${placed(box)}/><rect class="proposal" ${placed(box)}/>`,
  );
  const points = view.points.map(
    ({ x, y, positive }) => markup`<path class="${positive ? 'point' : 'point negative'}" d="M${x} ${y}h0"/>`,
  );
  const layers = markup`<use href="#${id}"/>${map}${proposals}${maskMark(method, view.mask, imageSize)}${boxMark('ground-truth', truth.box)}${boxMark(method, answer.box)}${points}`;
  return drawing(imageSize, `${view.words || 'No answer'}, for: ${text}`, layers);
}

/** Layers in pixels of the image. */
function drawing({ width, height }: Size, label: string, layers: Markup): Markup {
  return markup`<svg class="picture" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${layers}</svg>`;
}

/** Each line has a dark halo, so that it shows on any ground. */
function boxMark(subject: Subject | undefined, box: ImageBox | null): Markup {
  if (!box || !subject) return empty;
  return markup`<rect class="halo ${subject}" ${placed(box)}/><rect class="box ${subject}" ${placed(box)}/>`;
}

function placed({ x, y, width, height }: ImageBox): Markup {
  return markup`x="${x}" y="${y}" width="${width}" height="${height}"`;
}

/** `mask`: in pixels of the shown picture. */
function maskMark(subject: Subject, mask: RunLengthMask | null, image: Size): Markup {
  const outline = mask ? maskOutline(mask) : '';
  if (outline === '') return empty;
  const shown = shownSize(image);
  const scale = `scale(${image.width / shown.width} ${image.height / shown.height})`;
  return markup`<path class="mask ${subject}" d="${outline}" transform="${scale}"/>`;
}

function dataAddress(bytes: Uint8Array, contentType: string): string {
  return `data:${contentType};base64,${Buffer.from(bytes).toString('base64')}`;
}
