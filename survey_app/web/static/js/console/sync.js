// Skeleton: sends what waits, and fetches the state. Written next.
