/// Lets one item at a time into the part that uses the processor and the memory, so that a process can decode one image
/// while the disk takes the outputs of another, and never holds two decoded images.
actor CPUGate {
  func run<Result: Sendable>(_ body: @Sendable () throws -> Result) rethrows -> Result {
    try body()
  }
}
