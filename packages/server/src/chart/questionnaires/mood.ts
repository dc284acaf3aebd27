// PHQ-2, PHQ-9, and GAD-7: depression and anxiety over the last two weeks. Panels, questions, and answers are LOINC's:
// https://loinc.org/55757-9, /44249-1, /69737-5, answer lists LL358-3, LL359-1

import { coding, instrument, question, scale } from './instrument.ts';

const PFIZER =
  'Developed by Drs. Robert L. Spitzer, Janet B.W. Williams, Kurt Kroenke and colleagues, with an educational grant from Pfizer Inc. No permission required to reproduce, translate, display or distribute.';
const STEM = 'Over the last 2 weeks, how often have you been bothered by any of the following problems?';

const HOW_OFTEN = scale({
  'LA6568-5': 'Not at all',
  'LA6569-3': 'Several days',
  'LA6570-1': 'More than half the days',
  'LA6571-9': 'Nearly every day',
});

/** They don't count in a score. */
const HOW_DIFFICULT = [
  coding('LA6572-7', 'Not difficult at all'),
  coding('LA6573-5', 'Somewhat difficult'),
  coding('LA6575-0', 'Very difficult'),
  coding('LA6574-3', 'Extremely difficult'),
];

const often = (code: string, name: string, text: string) => question(code, name, text, HOW_OFTEN);

const LOW_MOOD = [
  often(
    '44250-9',
    'Little interest or pleasure in doing things in last 2 weeks',
    'Little interest or pleasure in doing things',
  ),
  often('44255-8', 'Feeling down, depressed, or hopeless in last 2 weeks', 'Feeling down, depressed, or hopeless'),
];

export const PHQ_2 = instrument({
  id: 'phq-2',
  title: 'PHQ-2: depression, two questions',
  // The second is the CMS panel of the same two questions.
  codes: {
    '55757-9': 'Patient Health Questionnaire 2 item (PHQ-2) [Reported]',
    '58120-7': 'Patient Health Questionnaire 2 item (PHQ-2) [PHQ.CMS]',
  },
  copyright: PFIZER,
  stem: STEM,
  questions: LOW_MOOD,
  // https://doi.org/10.1097/01.MLR.0000093487.78664.3C
  scoring: {
    name: 'PHQ-2',
    code: '55758-7',
    bands: [
      { from: 0, text: 'negative' },
      { from: 3, text: 'positive, ask the PHQ-9', abnormal: true },
    ],
  },
});

const SELF_HARM = '44260-8';

export const PHQ_9 = instrument({
  id: 'phq-9',
  title: 'PHQ-9: depression, nine questions',
  codes: { '44249-1': 'PHQ-9 quick depression assessment panel [Reported.PHQ]' },
  copyright: PFIZER,
  stem: STEM,
  questions: [
    ...LOW_MOOD,
    often(
      '44259-0',
      'Trouble falling or staying asleep, or sleeping too much in last 2 weeks [Reported.PHQ]',
      'Trouble falling or staying asleep, or sleeping too much',
    ),
    often(
      '44254-1',
      'Feeling tired or having little energy in last 2 weeks [Reported.PHQ]',
      'Feeling tired or having little energy',
    ),
    often('44251-7', 'Poor appetite or overeating in last 2 weeks [Reported.PHQ]', 'Poor appetite or overeating'),
    often(
      '44258-2',
      'Feeling bad about yourself - or that you are a failure or have let yourself or your family down in last 2 weeks [Reported.PHQ]',
      'Feeling bad about yourself, or that you are a failure or have let yourself or your family down',
    ),
    often(
      '44252-5',
      'Trouble concentrating on things, such as reading the newspaper or watching television in last 2 weeks [Reported.PHQ]',
      'Trouble concentrating on things, such as reading the newspaper or watching television',
    ),
    often(
      '44253-3',
      'Moving or speaking so slowly that other people could have noticed. Or the opposite - being so fidgety or restless that you have been moving around a lot more than usual in last 2 weeks [Reported.PHQ]',
      'Moving or speaking so slowly that other people could have noticed, or the opposite: being so fidgety or restless that you have been moving around a lot more than usual',
    ),
    often(
      SELF_HARM,
      'Thoughts that you would be better off dead, or of hurting yourself in some way in last 2 weeks [Reported.PHQ]',
      'Thoughts that you would be better off dead, or of hurting yourself in some way',
    ),
    question(
      '69722-7',
      'How difficult have these made it for you to do your work, take care of things at home, or get along with other people [Reported.PHQ]',
      'If you had any of these problems: how difficult have they made it for you to do your work, take care of things at home, or get along with other people?',
      HOW_DIFFICULT,
    ),
  ],
  // https://doi.org/10.1046/j.1525-1497.2001.016009606.x
  scoring: {
    name: 'PHQ-9',
    code: '44261-6',
    bands: [
      { from: 0, text: 'no or minimal depression' },
      { from: 5, text: 'mild depression' },
      { from: 10, text: 'moderate depression', abnormal: true },
      { from: 15, text: 'moderately severe depression', abnormal: true },
      { from: 20, text: 'severe depression', abnormal: true },
    ],
    critical: [{ question: SELF_HARM, from: 1 }],
  },
});

export const GAD_7 = instrument({
  id: 'gad-7',
  title: 'GAD-7: anxiety, seven questions',
  codes: { '69737-5': 'Generalized anxiety disorder 7 item (GAD-7)' },
  copyright: PFIZER,
  stem: STEM,
  questions: [
    often('69725-0', 'Feeling nervous, anxious or on edge in last 2 weeks', 'Feeling nervous, anxious, or on edge'),
    often(
      '68509-9',
      'Not able to stop or control worrying in the last 2 weeks',
      'Not being able to stop or control worrying',
    ),
    often(
      '69733-4',
      'Worrying too much about different things in last 2 weeks [Reported.PHQ]',
      'Worrying too much about different things',
    ),
    often('69734-2', 'Trouble relaxing in last 2 weeks [Reported.PHQ]', 'Trouble relaxing'),
    often(
      '69735-9',
      'Being so restless that it is hard to sit still in last 2 weeks [Reported.PHQ]',
      'Being so restless that it is hard to sit still',
    ),
    // LOINC's name for this question says four weeks; it is asked with the stem of the others.
    often(
      '69689-8',
      'Becoming easily annoyed or irritable in last 4 weeks [Reported.PHQ]',
      'Becoming easily annoyed or irritable',
    ),
    often(
      '69736-7',
      'Feeling afraid as if something awful might happen in last 2 weeks [Reported.PHQ]',
      'Feeling afraid, as if something awful might happen',
    ),
  ],
  // https://doi.org/10.1001/archinte.166.10.1092
  scoring: {
    name: 'GAD-7',
    code: '70274-6',
    bands: [
      { from: 0, text: 'minimal anxiety' },
      { from: 5, text: 'mild anxiety' },
      { from: 10, text: 'moderate anxiety', abnormal: true },
      { from: 15, text: 'severe anxiety', abnormal: true },
    ],
  },
});
