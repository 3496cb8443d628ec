import type { Me } from '@nova/client';
import { type UsedOperation, useNova, useOperation, useSession } from '@nova/client/react';

/** Who is signed in; asks for nothing when nobody is. */
export function useMe(): UsedOperation<Me> {
  const { identity } = useNova();
  const { session } = useSession();
  return useOperation(identity.getMe, session === null ? null : {});
}
