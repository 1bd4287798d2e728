"""The work that runs by itself: take a name from the queue, hold its lock, call services. Decides nothing itself."""
