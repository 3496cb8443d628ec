import Type, { type TArray, type TSchema } from 'typebox';

/**
 * A list that holds nothing twice. Instead of `uniqueItems`, for which TypeBox goes down into every item, however deep,
 * before it looks at what the items may be.
 */
export const distinct = <Item extends TSchema>(list: TArray<Item>) =>
  Type.Refine(
    list,
    (items: readonly unknown[]) => new Set(items).size === items.length,
    () => 'must not hold anything twice',
  );
