/** What a mail says, before it is put into form. Everything in it is plain text. */
export interface MailText {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** A link to follow, after the first paragraph. */
  readonly action?: { readonly label: string; readonly url: string };
}

/** What a mail of a template says. Secrets in it are derived here, at the moment of sending, and stored nowhere. */
export type MailTemplate = (tenantId: string, params: Readonly<Record<string, unknown>>) => MailText;

export interface MailBody {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface MailMessage extends MailBody {
  /** One mailbox. */
  readonly to: string;
  /** The same each time the mail is tried, so that whoever receives it twice can tell. */
  readonly id: string;
}

const MAX_SUBJECT = 200;
/** What ends a header line somewhere: controls, and the separators of Unicode. */
const LINE_ENDS = /[\p{Cc}\u2028\u2029]+/gu;
/** Characters that an unquoted mailbox cannot hold (RFC 5321, 4.1.2), among them those that would make two of one. */
const UNMAILABLE = /[\s\p{Cc}<>()[\]\\,;:"]/u;
/** A person's client shows a mailbox that is longer, but no server has to take it (RFC 5321, 4.5.3.1). */
const MAX_MAILBOX = 254;

/** Puts a mail into its two forms, plain and simple HTML. */
export function renderMail({ subject, paragraphs, action }: MailText): MailBody {
  const [first = '', ...others] = paragraphs;
  const text = [first, ...(action === undefined ? [] : [action.url]), ...others].join('\n\n');
  const link = (url: string, label: string) => `<a href="${escapeHtml(url)}">${escapeHtml(label)}</a>`;
  const html = [
    escapeHtml(first),
    ...(action === undefined ? [] : [link(action.url, action.label)]),
    ...others.map(escapeHtml),
  ];
  return {
    subject: subject.replaceAll(LINE_ENDS, ' ').trim().slice(0, MAX_SUBJECT),
    text: `${text}\n`,
    html: `<!doctype html>\n<html><body>\n${html.map((inner) => `<p>${inner}</p>`).join('\n')}\n</body></html>\n`,
  };
}

/** Whether an address can stand in an envelope and a header as exactly one mailbox. */
export function isMailbox(address: string): boolean {
  const at = address.lastIndexOf('@');
  return at > 0 && at < address.length - 1 && address.length <= MAX_MAILBOX && !UNMAILABLE.test(address);
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
