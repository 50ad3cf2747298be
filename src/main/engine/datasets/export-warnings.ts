/** What other programs will not find in an export, in sentences with counts. */
import { countOf } from '../../../common/amounts';
import { formatDescriptions, type FormatFact } from '../../../common/dataset-formats';
import type { ExportFormat } from '../../../common/contract';
import type { DatasetContent } from './model';
import { supplementName } from './supplement';
import type { Written } from './writer';

/** How many items of a dataset have what the fact names, and what to call them. */
function counted(
  fact: FormatFact,
  { images, referents, expressions }: DatasetContent,
): { count: number; words: string } {
  switch (fact) {
    case 'expressions':
      return ofExpressions(expressions.length);
    case 'absent':
      return ofExpressions(
        expressions.filter(({ referentKey }) => referentKey === null).length,
        ' without a referent',
      );
    case 'masks': {
      const count = referents.filter(({ mask }) => mask !== null).length;
      return { count, words: countOf(count, 'mask') };
    }
    case 'exactBoxes': {
      const count = referents.filter(({ box }) => box !== null).length;
      return { count, words: `The last digits of ${countOf(count, 'box', 'boxes')}` };
    }
    case 'unmentioned': {
      const meant = new Set(expressions.map(({ referentKey }) => referentKey));
      const count = referents.filter(({ key }) => !meant.has(key)).length;
      return { count, words: `${countOf(count, 'object')} that no expression means` };
    }
    case 'kinds':
      return ofExpressions(expressions.filter(({ kind }) => kind !== '').length, '’s kind', '’ kinds');
    case 'attributes': {
      const has = (item: { attributes: object }) => Object.keys(item.attributes).length > 0;
      const count = referents.filter(has).length + expressions.filter(has).length;
      return { count, words: `The attributes of ${countOf(count, 'item')}` };
    }
    case 'splits': {
      const count = images.filter(({ split }) => split !== '').length;
      return { count, words: `The splits of ${countOf(count, 'image')}` };
    }
  }
}

function ofExpressions(count: number, one = '', several = one): { count: number; words: string } {
  return { count, words: `${countOf(count, 'expression')}${count === 1 ? one : several}` };
}

export function exportWarnings(format: ExportFormat, content: DatasetContent, written: Written): string[] {
  const warnings = formatDescriptions[format].lacks.flatMap((fact) => {
    const { count, words } = counted(fact, content);
    return count > 0
      ? [`${words}: only the workbench reads them, from ${supplementName} or extra fields.`]
      : [];
  });
  const boxless = content.referents.filter(({ box, mask }) => box === null && mask === null).length;
  if (boxless > 0 && format !== 'grounding-jsonl') {
    warnings.push(`${countOf(boxless, 'object')} without a box: only in ${supplementName}.`);
  }
  const packed = written.masksKeptPacked ?? 0;
  if (packed > 0) {
    warnings.push(
      `${countOf(packed, 'mask')} cannot be drawn exactly by polygons and ${packed === 1 ? 'is' : 'are'} written as run lengths.`,
    );
  }
  return warnings;
}
