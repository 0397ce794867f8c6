import CCarillonPlugin

/// The contract's status codes as Swift errors.
enum Status {
  /// Throws for everything but CARILLON_OK: `CancellationError`, or a `PluginError` that names `what`.
  static func check(_ status: Int32, _ what: @autoclosure () -> String) throws {
    switch status {
    case CARILLON_OK:
      return
    case CARILLON_CANCELLED:
      throw CancellationError()
    case CARILLON_REFUSED:
      throw PluginError(
        .refused, "the host refused \(what()): it breaks a limit or comes at the wrong time")
    case CARILLON_ABSENT:
      throw PluginError(.failed, "\(what()): the host has nothing of that name")
    default:
      throw PluginError(.failed, "\(what()): the host failed (status \(status))")
    }
  }
}
