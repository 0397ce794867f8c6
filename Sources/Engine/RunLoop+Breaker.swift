import JobModel

/// The plugin's breaker. Its trial is one try of everything: a worker is started if there is none, and given one item.
extension RunLoop {
  /// The plugin did something as it should.
  func pluginWorks() {
    trialIsOpen = false
    pluginBreaker.succeeded()
  }

  /// The plugin, and not one item, broke a worker or would not start.
  func pluginFailed() {
    trialIsOpen = false
    pluginBreaker.failed(at: uptime)
  }

  /// Whether the trial of a tripped breaker may begin, or has begun and not reached an item yet. While something is under way,
  /// that is the trial.
  func admitsTrial() -> Bool {
    if inFlightCount > 0 { return false }
    if trialIsOpen { return true }
    trialIsOpen = pluginBreaker.admits(at: uptime)
    if !trialIsOpen, let until = pluginBreaker.opensAgainAt { arm(until) }
    return trialIsOpen
  }
}
