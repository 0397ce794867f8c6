import CLinuxProcess

#if canImport(Glibc)
  import Glibc
#endif

/// Threads for work that blocks in the kernel and must not hold one of the concurrency runtime's.
enum WorkerThread {
  private final class Box {
    let name: String
    let body: () -> Void
    init(name: String, body: @escaping () -> Void) {
      self.name = name
      self.body = body
    }
  }

  /// Runs `body` on a new thread. Returns 0, or why the system gave none: a plugin may have taken them all.
  static func start(named name: String, _ body: sending @escaping () -> Void) -> Int32 {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, 512 * 1024)
    var thread = pthread_t()
    // The box crosses to the thread as a raw pointer, retained here and released there: one owner at any time.
    let box = Unmanaged.passRetained(Box(name: name, body: body))
    let failure = pthread_create(
      &thread, &attributes,
      { argument in
        let box = Unmanaged<Box>.fromOpaque(argument!).takeRetainedValue()
        carillon_name_thread(box.name)
        box.body()
        return nil
      }, box.toOpaque())
    pthread_attr_destroy(&attributes)
    if failure != 0 { box.release() }
    return failure
  }
}
