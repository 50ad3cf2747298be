/** The contract's `works`. */
import type { contract, DomainService } from '../../../common/contract';
import type { Works } from '../../../common/works/works';

export function createWorksService(works: Works): DomainService<typeof contract.works> {
  return {
    list: () => works.list(),
    stop({ work }) {
      works.stop(work);
      return null;
    },
  };
}
