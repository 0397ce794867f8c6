import CCarillonPlugin

extension Outcome {
  /// Completes the item with this outcome. What the host refuses (a size limit that only it knows) becomes a failure that
  /// says so, since an open item would be tried again for ever.
  func complete(item: UInt64, on host: Host) {
    guard send(item: item, to: host) == CARILLON_REFUSED else { return }
    let failure = Outcome.failed(
      "the host refused the outcome (\(kind), \(output.count) bytes of output, \(effect.count) bytes of effect)"
    )
    _ = failure.send(item: item, to: host)
  }

  private func send(item: UInt64, to host: Host) -> Int32 {
    var raw = carillon_outcome()
    raw.struct_size = UInt32(MemoryLayout<carillon_outcome>.size)
    raw.kind = kind.code
    if kind == .succeeded, output.isEmpty, effect.isEmpty {
      // The hot path of plugins without output.
      return host.complete(item: item, &raw)
    }
    raw.after_us = after?.microseconds ?? 0
    let why = reason.isEmpty && kind != .succeeded ? "no reason given" : reason
    return withBytes(why) { why in
      withBytes(output) { output in
        withBytes(effect) { effect in
          withBytes(dependency) { dependency in
            raw.reason = why
            raw.output = output
            raw.effect = effect
            raw.dependency = dependency
            return host.complete(item: item, &raw)
          }
        }
      }
    }
  }
}

extension Outcome.Kind {
  fileprivate var code: UInt32 {
    switch self {
    case .succeeded: CARILLON_SUCCEEDED
    case .skipped: CARILLON_SKIPPED
    case .retry: CARILLON_RETRY
    case .failed: CARILLON_FAILED
    case .rateLimited: CARILLON_RATE_LIMITED
    case .unavailable: CARILLON_UNAVAILABLE
    }
  }
}

extension Duration {
  /// Whole microseconds, rounded up so that a wait is never shorter; the largest Int64 when it does not fit.
  fileprivate var microseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    let rest = (attoseconds + 999_999_999_999) / 1_000_000_000_000
    let (sum, carry) = product.addingReportingOverflow(rest)
    return overflow || carry ? .max : sum
  }
}
