export type { PersonalData, ReadSection } from './personal-data.js';
