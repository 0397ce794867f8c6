extension SQLiteStore {
  /// Has the writer take an empty turn behind what waits for it, and then calls `done` on the writer's thread; with an error when the
  /// store is closed. Writes nothing: a sign of life, for a watchdog.
  package func pokeWriter(_ done: @escaping @Sendable (StoreError?) -> Void) {
    do throws(StoreError) {
      try writer.poke(done)
    } catch {
      done(error)
    }
  }
}
