// Shows beside each drug of a search in Prescribe what it costs.

import { annotate, BaseProtocol, EventType } from 'chartwire/sdk';
import { priceOf } from './prices.ts';

export class DrugPrices extends BaseProtocol.on(EventType.PRESCRIBE__PRESCRIBE__POST_SEARCH) {
  compute() {
    return this.event.context.results.map(({ value, coding = [] }) => annotate(value, priceOf(coding) ?? 'no price'));
  }
}
