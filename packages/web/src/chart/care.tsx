// What was ordered and planned: orders, referrals, care plans, and when the patient comes next.

import type { Appointment, ServiceRequest } from '@medplum/fhirtypes';
import { conceptText } from '../fhir/words.ts';
import { Badge } from '../ui/badge.tsx';
import { instantFrom } from '../ui/instant.ts';
import { clockText, Day, dayText } from '../ui/time.tsx';
import { type Chart, type RecordOf, recordsOf } from './chart-data.ts';
import { useLooking } from './opened.tsx';
import { Past, Row } from './row.tsx';
import { Section } from './section.tsx';
import { Entry } from '../ui/entry.tsx';

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
          <Entry key={appointment.id} of={appointment}>
            {() => (
              <Row
                onOpen={() => open({ type: 'Appointment', id: appointment.id })}
                main={appointmentText(appointment)}
                aside={
                  <>
                    <Badge tone="info">{appointment.status}</Badge>
                    {appointment.start && `${dayText(appointment.start)}, ${clockText(appointment.start)}`}
                  </>
                }
              />
            )}
          </Entry>
        ))}
        {plans.map((plan) => (
          <Entry key={plan.id} of={plan}>
            {() => (
              <Row
                onOpen={() => open({ type: 'CarePlan', id: plan.id })}
                main={plan.title ?? (plan.category?.map(conceptText).find(Boolean) || 'Care plan')}
                below={plan.activity
                  ?.map(({ detail }) => conceptText(detail?.code))
                  .filter(Boolean)
                  .join('; ')}
                aside={<Day date={plan.period?.start ?? plan.created} />}
              />
            )}
          </Entry>
        ))}
        {ongoing.map((order) => (
          <Entry key={order.id} of={order}>
            {() => <Order order={order} />}
          </Entry>
        ))}
      </ul>
      {over.length > 0 && (
        <Past label={`${over.length} completed or revoked orders`}>
          {() =>
            over.map((order) => (
              <Entry key={order.id} of={order}>
                {() => <Order order={order} />}
              </Entry>
            ))
          }
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
  const now = Date.now();
  return recordsOf(chart, 'Appointment')
    .filter(({ start, status }) => start !== undefined && instantFrom(start).getTime() >= now && isAhead(status))
    .sort((a, b) => instantFrom(a.start!).getTime() - instantFrom(b.start!).getTime());
}

function isAhead(status: Appointment['status']): boolean {
  return !['cancelled', 'noshow', 'fulfilled'].includes(status ?? '');
}

export function appointmentText({ appointmentType, serviceType, reasonCode, description }: Appointment): string {
  const kind = conceptText(appointmentType) || conceptText(serviceType?.[0]) || 'Appointment';
  return [kind, conceptText(reasonCode?.[0]) || description].filter(Boolean).join(': ');
}
