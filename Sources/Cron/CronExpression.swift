/// One cron expression: the times that it means, in no particular zone.
///
/// The syntax is crontab(5)'s with the additions that `docs/cron.md` lists.
public struct CronExpression: Hashable, Sendable {
  /// What it means.
  enum Kind: Hashable, Sendable {
    case calendar(CalendarFields)
    /// Every so many seconds.
    case every(Int)
    case reboot
  }

  /// As it was written, comment included.
  public let text: String
  /// How it was read.
  public let format: CronFormat
  let kind: Kind

  /// Reads an expression.
  ///
  /// - Parameters:
  ///   - text: fields parted by blanks, or an `@word`; a `#` at the begin or behind a blank begins a comment.
  ///   - format: how many fields, and which. Another number of fields is an error that says what they would mean.
  ///   - hashKey: the job's name, by which `H` chooses.
  /// - Throws: `CronError` with field and column.
  public init(_ text: String, format: CronFormat = .minutes, hashKey: String = "") throws(CronError) {
    self.text = text
    self.format = format
    kind = try ExpressionParser(text, format: format, hashKey: hashKey).parse()
  }

  /// `@reboot`: due when the daemon starts first after the machine did, and at no instant.
  public var isReboot: Bool { kind == .reboot }

  /// Of `@every`, in seconds; nil for the others.
  public var period: Int? {
    if case .every(let seconds) = kind { return seconds }
    return nil
  }

  /// Whether the job follows elapsed time over clock changes instead of the clock on the wall: the second, minute or hour field
  /// begins with `*`, or `@every`.
  public var isWildcard: Bool {
    if case .calendar(let fields) = kind { return fields.isWildcard }
    return period != nil
  }

  /// Whether a local time matches, to the second. Never for `@every` and `@reboot`, which local times do not decide.
  public func matches(_ local: LocalTime) -> Bool {
    if case .calendar(let fields) = kind { return fields.matches(local) }
    return false
  }
}
