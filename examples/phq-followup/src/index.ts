// Scores the PHQ-2, and shows a card that is due while a positive one is not followed by the PHQ-9.

import {
  addProtocolCard,
  BaseProtocol,
  createQuestionnaireResult,
  EventType,
  type Questionnaire,
  type Written,
} from 'chartwire/sdk';
import { finding, isPositive, scoreOf } from './phq2.ts';

/** LOINC's panels. */
const PHQ_2 = '58120-7';
const PHQ_9 = '44249-1';
const PHQ_2_SCORE = { code: '55758-7', display: 'Patient Health Questionnaire 2 item (PHQ-2) total score [Reported]' };

/** What the card's button does, in the open note. */
const ASK_PHQ_9 = {
  title: 'Ask the PHQ-9',
  button: 'Ask',
  commands: [{ command: 'questionnaire', fields: { questionnaire: 'phq-9' } }],
};

const DAY_MS = 24 * 60 * 60 * 1000;
/** Days for which an answered questionnaire counts. */
const COUNTS_DAYS = 30;

export class PhqFollowup extends BaseProtocol.on(
  EventType.QUESTIONNAIRE_COMMAND__POST_COMMIT,
  EventType.QUESTIONNAIRE_COMMAND__POST_ENTER_IN_ERROR,
) {
  async compute() {
    const { type, context } = this.event;
    const codes = context.fields.questionnaire.coding?.map(({ code }) => code) ?? [];
    if (!codes.includes(PHQ_2) && !codes.includes(PHQ_9)) return [];
    const card = await this.#card(context.patient);
    const made = context.made.find((record) => record.type === 'QuestionnaireResponse');
    if (type === 'QUESTIONNAIRE_COMMAND__POST_ENTER_IN_ERROR' || !codes.includes(PHQ_2) || !made) return [card];
    const interview = await this.data.read('QuestionnaireResponse', made.id);
    return interview ? [result(interview), card] : [card];
  }

  // As the chart is now, whatever happened: a PHQ-9 that was an error makes the card due again.
  async #card(patient: string) {
    const [phq2, phq9] = await this.#latest(patient, [PHQ_2, PHQ_9]);
    const card = { patient, key: 'phq', title: 'Depression screening' };
    if (phq9) return addProtocolCard({ ...card, status: 'satisfied', narrative: 'The PHQ-9 was asked.' });
    if (!phq2) {
      const narrative = `No PHQ-2 in the last ${COUNTS_DAYS} days.`;
      return addProtocolCard({ ...card, status: 'not_applicable', narrative });
    }
    const score = scoreOf(phq2);
    const narrative = finding(score);
    if (score === null) return addProtocolCard({ ...card, status: 'pending', narrative });
    if (!isPositive(score)) return addProtocolCard({ ...card, status: 'satisfied', narrative });
    return addProtocolCard({ ...card, status: 'due', narrative, recommendations: [ASK_PHQ_9] });
  }

  /** Of each panel the newest interview that counts. */
  async #latest(patient: string, panels: readonly string[]) {
    const since = new Date(Date.parse(this.event.at) - COUNTS_DAYS * DAY_MS).toISOString();
    const questionnaires = await this.data.search('Questionnaire');
    const interviews = await this.data.search('QuestionnaireResponse', {
      patient,
      status: 'completed',
      authored: `ge${since}`,
      _sort: '-authored',
    });
    return panels.map((panel) => {
      const names = questionnaires.filter(isCoded(panel)).map(({ id, url }) => url ?? `Questionnaire/${id}`);
      // An interview names its questionnaire with the version that was asked: url|version.
      return interviews.find(({ questionnaire }) => names.includes(questionnaire?.split('|')[0] ?? ''));
    });
  }
}

function isCoded(panel: string) {
  return ({ code = [] }: Questionnaire): boolean => code.some((coding) => coding.code === panel);
}

function result(interview: Written<'QuestionnaireResponse'>) {
  const score = scoreOf(interview);
  return createQuestionnaireResult({
    interview: interview.id,
    code: PHQ_2_SCORE,
    score,
    abnormal: isPositive(score),
    narrative: finding(score),
  });
}
