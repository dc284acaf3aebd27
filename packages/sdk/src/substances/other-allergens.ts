// Allergens other than drugs: foods, venoms, pollens, animals, materials, and contrast media. SNOMED CT codes are of substances;
// those without a reliable one have only a key in Chartwire's own code system.

import type { AllergenCategory } from './allergen-category.ts';

export interface OtherAllergen {
  readonly key: string;
  readonly label: string;
  readonly category: AllergenCategory;
  readonly snomed: string | undefined;
  readonly also: string | undefined;
}

// biome-ignore format: a table is read by its rows
const TABLE: readonly (readonly [category: AllergenCategory, label: string, snomed?: string, also?: string])[] = [
  ['medication', 'Contrast media', '385420005', 'contrast|contrast dye|contrast medium|IV contrast|IV dye'],
  ['medication', 'Iodinated contrast', undefined, 'iodine contrast|iodine dye|iodinated dye|radiocontrast|CT contrast|CT dye|x-ray dye'],
  ['medication', 'Gadolinium contrast', undefined, 'gadolinium|MRI contrast'],
  ['environment', 'Latex', '111088007', 'natural rubber latex|gloves|latex gloves|rubber gloves'],
  ['environment', 'Adhesive tape', undefined, 'adhesive|tape|bandage|plaster|band-aid|band aid|bandaid'],
  ['environment', 'Nickel', '33396006'],
  ['environment', 'Formaldehyde', '111095003'],
  ['environment', 'Perfume', '418785009', 'fragrance|fragrances'],
  ['environment', 'Hair dye', '412145001'],
  ['environment', 'Wool', '412161004'],
  ['environment', 'Lanolin', '42416001'],
  // ── foods
  ['food', 'Peanut', '762952008', 'peanuts|nuts'],
  ['food', 'Tree nuts', '442571000124108', 'tree nut|nuts'],
  ['food', 'Egg', '102263004', 'eggs|hen egg'],
  ['food', 'Milk', '3718001', 'cow’s milk|cows milk|dairy|milk protein'],
  ['food', 'Shellfish', '735029006', 'seafood|crustaceans'],
  ['food', 'Fish', '735971005', 'seafood'],
  ['food', 'Wheat', '412071004'],
  ['food', 'Soy', '256355007', 'soya|soybean|soybeans'],
  ['food', 'Sesame', '260167008', 'sesame seed'],
  ['food', 'Gluten', '89811004'],
  ['food', 'Lactose', '47703008', 'lactose intolerance'],
  ['food', 'Shrimp', '278840001', 'prawn|prawns'],
  ['food', 'Crab', '736159005'], ['food', 'Lobster', '736162008'], ['food', 'Clam', '736030007'],
  ['food', 'Oyster', '736031006'], ['food', 'Scallop', '736027000'], ['food', 'Squid', '735006003'],
  ['food', 'Salmon', '735009005'], ['food', 'Tuna', '227144008'], ['food', 'Cod', '735245003'],
  ['food', 'Almond', '256350002'], ['food', 'Brazil nut', '256351003'], ['food', 'Cashew', '227493005', 'cashew nut'],
  ['food', 'Hazelnut', '256353000'], ['food', 'Macadamia nut', '227501001'], ['food', 'Pecan', '260189007', 'pecan nut'],
  ['food', 'Pine nut', '227511008'], ['food', 'Pistachio', '227512001', 'pistachio nut'], ['food', 'Walnut', '256352005'],
  ['food', 'Coconut', '735211005'], ['food', 'Sunflower seed', '260205009'], ['food', 'Mustard', '51905005'],
  ['food', 'Celery', '256326004'], ['food', 'Corn', '412357001', 'maize'], ['food', 'Rice', '67324005'], ['food', 'Oat', '418504009'],
  ['food', 'Rye', '412068007'], ['food', 'Barley', '735124003'], ['food', 'Buckwheat', '226723006'],
  ['food', 'Citrus fruit', '102259006', 'citrus'], ['food', 'Strawberry', '102261002'], ['food', 'Banana', '256307007'],
  ['food', 'Apple', '735215001'], ['food', 'Peach', '735049002'], ['food', 'Cherry', '735248001'], ['food', 'Kiwi', '260176001', 'kiwi fruit'],
  ['food', 'Mango', '260179008'], ['food', 'Pineapple', '256313003'], ['food', 'Avocado', '735249009'], ['food', 'Melon', '260177005'],
  ['food', 'Tomato', '734881000'], ['food', 'Garlic', '735030001'], ['food', 'Onion', '735047000'], ['food', 'Mushroom', '735045008'],
  ['food', 'Chocolate', '102262009'], ['food', 'Honey', '227598003'], ['food', 'Cinnamon', '227388008'],
  ['food', 'Beef', '226916002'], ['food', 'Pork', '226934003'], ['food', 'Chicken', '226955001'],
  ['food', 'Red meat', '226915003', 'alpha-gal'], ['food', 'Gelatin', '373531009'],
  ['food', 'Sulfites', '51963001', 'sulfite'], ['food', 'Monosodium glutamate', '75665004', 'MSG'],
  ['food', 'Aspartame', '11526002'], ['food', 'Tartrazine', '21592006', 'yellow 5'],
  // ── venoms, pollens, animals, dust
  ['environment', 'Bee venom', '288328004', 'bee|bee sting|honeybee|insect sting'],
  ['environment', 'Wasp venom', '256440004', 'wasp|wasp sting|yellow jacket|insect sting'],
  ['environment', 'Hornet venom', '288326000', 'hornet|hornet sting|insect sting'],
  ['environment', 'Ant venom', '773757000', 'ant|fire ant|insect sting'],
  ['environment', 'Insect venom', '280939008', 'insect|insects|insect sting'],
  ['environment', 'Pollen', '256259004', 'hay fever|seasonal'],
  ['environment', 'Grass pollen', '256277009', 'grass'], ['environment', 'Tree pollen', '782576004', 'tree'],
  ['environment', 'Ragweed pollen', '256303006', 'ragweed'], ['environment', 'Weed pollen', '419604006', 'weeds'],
  ['environment', 'Animal dander', '264287008', 'dander|animals|pets'],
  ['environment', 'Cat dander', '260152009', 'cat|cats|cat hair'], ['environment', 'Dog dander', '260154005', 'dog|dogs|dog hair'],
  ['environment', 'Horse dander', '256417003', 'horse'], ['environment', 'Rabbit dander', '412153009', 'rabbit'],
  ['environment', 'Feathers', '256435007', 'feather|down'],
  ['environment', 'House dust mite', '260147004', 'dust mite|dust mites|mites'], ['environment', 'House dust', '128488006', 'dust'],
  ['environment', 'Mold', '84489001', 'mould|molds'], ['environment', 'Cockroach', '710943006'],
];

export const OTHER_ALLERGENS: readonly OtherAllergen[] = TABLE.map(([category, label, snomed, also]) => ({
  key: label.toLowerCase().replaceAll(/[^a-z]+/g, '-'),
  label,
  category,
  snomed,
  also,
}));
