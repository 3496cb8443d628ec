import type { ComponentProps, MouseEvent } from 'react';
import { navigate, usePath } from './location.js';

interface LinkProps extends Omit<ComponentProps<'a'>, 'href'> {
  readonly to: string;
}

/** A link within the app: a real one, for new tabs and for copying, that loads no page when it is simply followed. */
export function Link({ to, onClick, ...rest }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (event.defaultPrevented || !isPlain || (rest.target ?? '_self') !== '_self') return;
    event.preventDefault();
    navigate(to);
  };
  return <a {...rest} href={to} onClick={follow} />;
}

/** A link that says when it leads to the page that is shown. */
export function NavLink(props: LinkProps) {
  const path = usePath();
  return <Link {...props} aria-current={path === props.to ? 'page' : undefined} />;
}
