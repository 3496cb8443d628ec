/** The source as a whole is missing or of another format; the message says where. */
export class ImportFormatError extends Error {
  override readonly name = 'ImportFormatError';
}
