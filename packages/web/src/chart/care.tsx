// What was ordered and planned: orders, referrals, care plans, and when the patient comes next.

import type { Appointment, CarePlan, ServiceRequest } from '@medplum/fhirtypes';
import { conceptText } from '../fhir/words.ts';
import { Badge } from '../ui/badge.tsx';
import { instantFrom } from '../ui/instant.ts';
import { clockText, Day, dayText } from '../ui/time.tsx';
import { type Chart, type RecordOf, recordsOf } from './chart-data.ts';
import { useLooking } from './opened.tsx';
import { countOf, othersIn, OthersAt } from './other-records.tsx';
import { Past, Row } from './row.tsx';
import { Section } from './section.tsx';
import { Entry } from '../ui/entry.tsx';

const ONGOING = ['active', 'draft', 'on-hold', 'unknown'];

export function Care() {
  const { chart, open } = useLooking();
  const orders = recordsOf(chart, 'ServiceRequest');
  const ongoing = orders.filter(({ status }) => ONGOING.includes(status ?? ''));
  const over = orders.filter((order) => !ongoing.includes(order));
  const allPlans = recordsOf(chart, 'CarePlan');
  const plans = allPlans.filter(({ status }) => status === 'active');
  const pastPlans = allPlans.filter(({ status }) => status !== 'active');
  const upcoming = appointmentsAhead(chart);
  return (
    <Section
      name="care"
      title="Orders and plans"
      count={orders.length + plans.length + pastPlans.length + upcoming.length + countOf(othersIn(chart, 'care'))}
      types={['ServiceRequest', 'CarePlan', 'Appointment']}
      empty="No orders, care plans or appointments."
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
            {() => <Plan plan={plan} />}
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
      {pastPlans.length > 0 && (
        <Past label={`${pastPlans.length} care plans that are not active`}>
          {() =>
            pastPlans.map((plan) => (
              <Entry key={plan.id} of={plan}>
                {() => <Plan plan={plan} />}
              </Entry>
            ))
          }
        </Past>
      )}
      <OthersAt place="care" />
    </Section>
  );
}

function Plan({ plan }: { readonly plan: CarePlan }) {
  const { open } = useLooking();
  const { id = '', title, category, activity, status, period, created } = plan;
  return (
    <Row
      onOpen={() => open({ type: 'CarePlan', id })}
      main={title ?? (category?.map(conceptText).find(Boolean) || 'Care plan')}
      below={activity
        ?.map(({ detail }) => conceptText(detail?.code))
        .filter(Boolean)
        .join('; ')}
      faded={status !== 'active'}
      aside={
        <>
          {status !== 'active' && <Badge>{status}</Badge>}
          <Day date={period?.start ?? created} />
        </>
      }
    />
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
