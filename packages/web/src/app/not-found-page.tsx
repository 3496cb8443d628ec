import { ButtonLink } from '../ui/button.js';
import { Page, Sheet } from '../ui/page.js';
import { EmptyState } from '../ui/states.js';

export function NotFoundPage() {
  return (
    <Page title="Nothing here" parent="/">
      <Sheet>
        <EmptyState icon="link" title="There is no such page" action={<ButtonLink to="/">Go home</ButtonLink>}>
          The link is wrong, or what was here is gone.
        </EmptyState>
      </Sheet>
    </Page>
  );
}
