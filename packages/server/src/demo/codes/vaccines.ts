// The vaccines given in the stories: CVX code with its short description, and who makes the product (MVX).

export const VACCINES = {
  covid: { cvx: '309', display: 'COVID-19, mRNA, LNP-S, PF, tris-sucrose, 30 mcg/0.3 mL', maker: 'PFR' },
  dtap: { cvx: '20', display: 'DTaP', maker: 'PMC' },
  dtapHepBIpv: { cvx: '110', display: 'DTaP-Hep B-IPV', maker: 'SKB' },
  dtapIpv: { cvx: '130', display: 'DTaP-IPV', maker: 'SKB' },
  flu: { cvx: '140', display: 'Influenza, split virus, trivalent, PF', maker: 'PMC' },
  fluHighDose: { cvx: '135', display: 'Influenza, high-dose, trivalent, PF', maker: 'PMC' },
  fluQuadrivalent: { cvx: '150', display: 'Influenza, split virus, quadrivalent, PF', maker: 'PMC' },
  fluHighDoseQuadrivalent: { cvx: '197', display: 'Influenza, high-dose, quadrivalent, PF', maker: 'PMC' },
  hepA: { cvx: '83', display: 'Hep A, ped/adol, 2 dose', maker: 'SKB' },
  hepB: { cvx: '08', display: 'Hep B, adolescent or pediatric', maker: 'SKB' },
  hib: { cvx: '48', display: 'Hib (PRP-T)', maker: 'PMC' },
  hpv: { cvx: '165', display: 'HPV9', maker: 'MSD' },
  menAcwy: { cvx: '203', display: 'meningococcal conjugate quadrivalent, MenACWY-TT (MCV4)', maker: 'PMC' },
  menB: { cvx: '163', display: 'meningococcal B, OMV', maker: 'SKB' },
  mmr: { cvx: '03', display: 'MMR', maker: 'MSD' },
  pcv13: { cvx: '133', display: 'Pneumococcal conjugate PCV 13', maker: 'PFR' },
  pcv20: {
    cvx: '216',
    display: 'Pneumococcal conjugate PCV20, polysaccharide CRM197 conjugate, adjuvant, PF',
    maker: 'PFR',
  },
  rotavirus: { cvx: '116', display: 'rotavirus, pentavalent', maker: 'MSD' },
  rsv: {
    cvx: '305',
    display: 'RSV, bivalent, protein subunit RSVpreF, diluent reconstituted, 0.5 mL, PF',
    maker: 'PFR',
  },
  tdap: { cvx: '115', display: 'Tdap', maker: 'SKB' },
  varicella: { cvx: '21', display: 'varicella', maker: 'MSD' },
  zoster: { cvx: '187', display: 'zoster recombinant', maker: 'SKB' },
} as const;

export const MAKERS = {
  MSD: 'Merck and Co., Inc.',
  PFR: 'Pfizer, Inc',
  PMC: 'Sanofi Pasteur',
  SKB: 'GlaxoSmithKline',
} as const satisfies Record<(typeof VACCINES)[VaccineName]['maker'], string>;

export type VaccineName = keyof typeof VACCINES;
