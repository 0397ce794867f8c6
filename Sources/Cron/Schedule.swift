/// One schedule: the union of expressions in one zone, less exclusions, from a start to an end. A value that never changes; asking it
/// allocates nothing.
public struct Schedule: Hashable, Sendable {
  public var expressions: [CronExpression] {
    switch content {
    case .one(let expression): [expression]
    case .some(let expressions): expressions
    }
  }
  public let zone: ZoneRules
  public let dst: DSTPolicy
  /// The first second that may be due, UTC since 1970. The instants of `@every` are counted from it.
  public let start: Int64?
  /// The first second that may not be due any more.
  public let end: Int64?
  public let exclusions: [Exclusion]

  /// Most have one: without an array it takes no memory of its own.
  private enum Content: Hashable, Sendable {
    case one(CronExpression)
    case some([CronExpression])
  }

  private let content: Content
  /// Those expressions, by their place, of which the exclusions leave nothing.
  private var idle: Set<Int> = []
  let excluded: ExcludedTimes
  let windows: [Range<Int64>]

  /// - Parameters:
  ///   - expressions: one or more; a time that several match is due once.
  ///   - start: inclusive; `@every` counts from it, without it from 1970, so that a restart changes nothing.
  ///   - end: exclusive.
  /// - Throws: `empty` without an expression; `badBounds` for a start not before its end, a window that ends before it begins, or an
  ///   exclusion that is `@every` or `@reboot`; `neverFires` where no instant before 2200 is left.
  public init(
    expressions: [CronExpression], zone: ZoneRules, dst: DSTPolicy = .debian, start: Int64? = nil, end: Int64? = nil,
    exclusions: [Exclusion] = []
  ) throws(CronError) {
    content = expressions.count == 1 ? .one(expressions[0]) : .some(expressions)
    self.zone = zone
    self.dst = dst
    self.start = start
    self.end = end
    self.exclusions = exclusions
    excluded = ExcludedTimes(try Self.excludedFields(exclusions))
    windows = try Self.windows(exclusions)
    guard !expressions.isEmpty else {
      throw CronError(code: .empty, message: "a schedule needs an expression, such as 0 2 * * *")
    }
    if let start, let end, start >= end {
      throw CronError(
        code: .badBounds,
        message: "the start, \(zone.local(at: start)), is not before the end, \(zone.local(at: end)); the end is exclusive")
    }
    if isReboot { return }
    if !excluded.isEmpty {
      // Otherwise every search of a union would look for them again, to 2199.
      for (index, expression) in expressions.enumerated() where isIdle(expression) { idle.insert(index) }
    }
    if next(after: -1) == nil { throw neverFires }
  }

  /// Only `@reboot`: no instant is ever due.
  public var isReboot: Bool { expressions.allSatisfy(\.isReboot) }

  /// `@reboot` is one of the expressions.
  public var includesReboot: Bool { expressions.contains(where: \.isReboot) }

  private func isIdle(_ expression: CronExpression) -> Bool {
    switch expression.kind {
    case .calendar(let fields): first(fields, atOrAfter: 0) == nil
    case .every(let period): first(every: Int64(period), atOrAfter: firstSecond) == nil
    case .reboot: false
    }
  }

  /// The expressions that may be due.
  @inline(__always)
  func forEachExpression(_ body: (CronExpression.Kind) -> Void) {
    switch content {
    case .one(let expression): if idle.isEmpty { body(expression.kind) }
    case .some(let expressions):
      for index in expressions.indices where idle.isEmpty || !idle.contains(index) { body(expressions[index].kind) }
    }
  }

  var firstSecond: Int64 { max(start ?? ZoneTable.earliest, ZoneTable.earliest) }
  var endSecond: Int64 { min(end ?? ZoneTable.horizon, ZoneTable.horizon) }

  private static func excludedFields(_ exclusions: [Exclusion]) throws(CronError) -> [CalendarFields] {
    var all: [CalendarFields] = []
    for case .expression(let expression) in exclusions {
      guard var fields = expression.calendar else {
        throw CronError(
          code: .badBounds,
          message: "\(expression.text) cannot be an exclusion: it matches no time on the wall; write fields, as in * * 25 12 *")
      }
      if expression.format == .minutes { fields.seconds = 1 << 60 - 1 }
      all.append(fields)
    }
    guard all.count <= ExcludedTimes.maxCount else {
      throw CronError(
        code: .badBounds,
        message: "\(all.count) excluding expressions are more than \(ExcludedTimes.maxCount); write lists, or windows")
    }
    return all
  }

  private static func windows(_ exclusions: [Exclusion]) throws(CronError) -> [Range<Int64>] {
    var all: [Range<Int64>] = []
    for case .window(let from, let to) in exclusions {
      guard from < to else {
        throw CronError(code: .badBounds, message: "an excluded window ends before it begins; its `to` is exclusive")
      }
      all.append(from..<to)
    }
    return all.sorted { $0.lowerBound < $1.lowerBound }
  }

  private var neverFires: CronError {
    let texts = expressions.map { "\"\($0.text)\"" }.joined(separator: ", ")
    let reason =
      exclusions.isEmpty
      ? "none of its times lies between start and end" : "nothing is left between start, end and the exclusions"
    return CronError(code: .neverFires, message: "\(texts) is never due: \(reason); change one of them")
  }
}

extension CronExpression {
  var calendar: CalendarFields? {
    if case .calendar(let fields) = kind { return fields }
    return nil
  }
}
