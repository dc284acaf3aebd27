// What was ordered and planned: orders, referrals, care plans, and when the patient comes next.

import type { Appointment, ServiceRequest } from '@medplum/fhirtypes';
import { conceptText } from '../fhir/words.ts';
import { Badge } from '../ui/badge.tsx';
import { clockText, Day, dayText } from '../ui/time.tsx';
import { type Chart, type RecordOf, recordsOf } from './chart-data.ts';
import { useLooking } from './opened.tsx';
import { Past, Row } from './row.tsx';
import { Section } from './section.tsx';

const ONGOING = ['active', 'draft', 'on-hold', 'unknown'];

export function Care() {
  const { chart, open } = useLooking();
  const orders = recordsOf(chart, 'ServiceRequest');
  const ongoing = orders.filter(({ status }) => ONGOING.includes(status ?? ''));
  const over = orders.filter((order) => !ongoing.includes(order));
  const plans = recordsOf(chart, 'CarePlan').filter(({ status }) => status === 'active');
  const upcoming = appointmentsAhead(chart);
  return (
    <Section
      name="care"
      title="Orders and plans"
      count={orders.length + plans.length + upcoming.length}
      types={['ServiceRequest', 'CarePlan', 'Appointment']}
      empty="Nothing ordered, planned or booked."
    >
      <ul>
        {upcoming.map((appointment) => (
          <Row
            key={appointment.id}
            onOpen={() => open({ type: 'Appointment', id: appointment.id })}
            main={appointmentText(appointment)}
            aside={
              <>
                <Badge tone="info">{appointment.status}</Badge>
                {appointment.start && `${dayText(appointment.start)}, ${clockText(appointment.start)}`}
              </>
            }
          />
        ))}
        {plans.map((plan) => (
          <Row
            key={plan.id}
            onOpen={() => open({ type: 'CarePlan', id: plan.id })}
            main={plan.title ?? (plan.category?.map(conceptText).find(Boolean) || 'Care plan')}
            below={plan.activity
              ?.map(({ detail }) => conceptText(detail?.code))
              .filter(Boolean)
              .join('; ')}
            aside={<Day date={plan.period?.start ?? plan.created} />}
          />
        ))}
        {ongoing.map((order) => (
          <Order key={order.id} order={order} />
        ))}
      </ul>
      {over.length > 0 && (
        <Past label={`${over.length} completed or revoked orders`}>
          {() => over.map((order) => <Order key={order.id} order={order} />)}
        </Past>
      )}
    </Section>
  );
}

function Order({ order }: { readonly order: ServiceRequest }) {
  const { open } = useLooking();
  const { id = '', code, status, category, authoredOn, occurrenceDateTime, priority } = order;
  return (
    <Row
      onOpen={() => open({ type: 'ServiceRequest', id })}
      main={conceptText(code) || conceptText(category?.[0]) || 'Order'}
      below={conceptText(category?.[0])}
      faded={!ONGOING.includes(status ?? '')}
      aside={
        <>
          {priority && priority !== 'routine' && <Badge tone="warn">{priority}</Badge>}
          <Badge>{status}</Badge>
          <Day date={occurrenceDateTime ?? authoredOn} />
        </>
      }
    />
  );
}

/** The next first. */
export function appointmentsAhead(chart: Chart): readonly RecordOf<'Appointment'>[] {
  const now = new Date().toISOString();
  return recordsOf(chart, 'Appointment')
    .filter(({ start, status }) => start !== undefined && new Date(start).toISOString() >= now && isAhead(status))
    .sort((a, b) => new Date(a.start!).getTime() - new Date(b.start!).getTime());
}

function isAhead(status: Appointment['status']): boolean {
  return !['cancelled', 'noshow', 'fulfilled'].includes(status ?? '');
}

export function appointmentText({ appointmentType, serviceType, reasonCode, description }: Appointment): string {
  const kind = conceptText(appointmentType) || conceptText(serviceType?.[0]) || 'Appointment';
  return [kind, conceptText(reasonCode?.[0]) || description].filter(Boolean).join(': ');
}
